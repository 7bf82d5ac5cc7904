import QuotaCore
import Reports

/// The reconciliation on a terminal: first what is not matched, and then what all rows come to.
struct ReconciliationScreen {
  private var rows: TextTable
  private var hasRows = false
  private var sums = TextTable([
    .init("STATUS"), .init("ROWS", .right, rank: 1), .init("EXPECTED", .right, rank: 2),
    .init("INVOICED", .right), .init("DIFFERENCE", .right),
  ])

  init(_ months: [ReconciledMonth], _ totals: ReconciliationTotals) {
    let isOfOne = Set(months.map(\.month)).count < 2
    rows = TextTable(
      [.init("ORGANIZATION", widths: 10...28)] + (isOfOne ? [] : [.init("MONTH")]) + [
        .init("ROW", widths: 10...32), .init("EXPECTED", .right, rank: 2), .init("INVOICED", .right, rank: 1),
        .init("DIFFERENCE", .right), .init("STATUS"), .init("REASON", rank: 3),
      ])
    for month in months {
      let name = TextTable.Cell(month.organization?.rawValue ?? month.organizationName ?? "")
      let period = isOfOne ? [] : [TextTable.Cell(month.month?.description ?? "–")]
      for entry in month.entries where entry.status != .matched { add(entry, [name] + period) }
    }
    add(totals)
  }

  /// What a person has to look at.
  static let isShown: @Sendable (ReconciliationEntry) -> Bool = { $0.status != .matched }

  /// - Parameter width: how wide the terminal is.
  func render(colored: Bool, width: Int?) -> String {
    (hasRows ? rows.render(colored: colored, width: width) : "Everything is matched.\n") + "\n"
      + sums.render(colored: colored, width: width)
  }

  private mutating func add(_ entry: ReconciliationEntry, _ head: [TextTable.Cell]) {
    hasRows = true
    let (figures, currency) = (entry.figures, entry.currency)
    rows.add(
      head + [
        .init(entry.name), .init(Self.amount(figures.expectedAmount, currency)),
        .init(Self.amount(figures.invoicedAmount, currency)),
        .init(Self.difference(figures.amountVariance, currency)), Self.status(entry.status),
        .init(entry.finding.reason?.rawValue ?? ""),
      ])
  }

  private mutating func add(_ totals: ReconciliationTotals) {
    for status in totals.statuses {
      for currency in totals.currencies {
        totals.sums(in: currency, of: status).map { add(Self.status(status), $0, currency) }
      }
    }
    for currency in totals.currencies {
      totals.sums(in: currency).map { add(.init("total", color: .bold), $0, currency) }
    }
  }

  private mutating func add(_ name: TextTable.Cell, _ sum: ReconciliationTotals.Sums, _ currency: Currency?) {
    sums.add([
      name, .init(sum.rows.grouped), .init(Self.amount(sum.expected, currency)),
      .init(Self.amount(sum.invoiced, currency)), .init(Self.difference(sum.variance, currency)),
    ])
  }

  private static func status(_ status: ReconciliationStatus) -> TextTable.Cell {
    .init(status.rawValue, color: ReconciliationStatus.settled.contains(status) ? .green : .yellow)
  }

  private static func amount(_ amount: ExactDecimal?, _ currency: Currency?) -> String {
    guard let amount else { return "" }
    return currency.map { Money(amount, $0).description } ?? amount.grouped()
  }

  private static func difference(_ amount: ExactDecimal?, _ currency: Currency?) -> String {
    guard let amount else { return "" }
    return (amount.isNegative || amount.isZero ? "" : "+") + Self.amount(amount, currency)
  }
}
