import QuotaCore
import Reports

/// The rows of a reconciliation that leave something to say, as an aligned table.
struct ReconciliationSummaryTable {
  private var table = TextTable([
    .init("ORGANIZATION", maximumWidth: 28), .init("ROW", maximumWidth: 24), .init("EXPECTED", .right),
    .init("INVOICED", .right), .init("STATUS"), .init("REASON"),
  ])

  init(_ months: [ReconciledMonth]) {
    for month in months {
      for entry in month.entries where entry.status != .matched {
        table.add([
          .init(month.organization?.rawValue ?? month.organizationName ?? ""), .init(entry.name),
          .init(Self.amount(entry.figures.expectedAmount, entry)),
          .init(Self.amount(entry.figures.invoicedAmount, entry)),
          .init(entry.status.rawValue, color: entry.status == .accepted ? .green : .yellow),
          .init(entry.finding.reason?.rawValue ?? ""),
        ])
      }
    }
  }

  func render(colored: Bool) -> String { table.render(colored: colored) }

  private static func amount(_ amount: ExactDecimal?, _ entry: ReconciliationEntry) -> String {
    guard let amount else { return "" }
    return entry.currency.map { Money(amount, $0).description } ?? amount.grouped()
  }
}
