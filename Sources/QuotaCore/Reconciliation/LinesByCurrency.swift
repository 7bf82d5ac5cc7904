/// The lines of one row by their currency: amounts of different currencies are never added.
struct LinesByCurrency {
  /// Those in the plan's currency; where there is no plan, in the first that there is.
  let own: [InvoiceLine]
  private let foreign: [(currency: Currency, lines: [InvoiceLine])]
  private let plan: Currency?
  private let unpriced: String

  /// - Parameter unpriced: why there is no plan, where there is none.
  init(_ lines: [InvoiceLine], plan: Currency?, unpriced: String) {
    let groups = Dictionary(grouping: lines, by: \.content.currency)
    let home = plan ?? groups.keys.min()
    self.plan = plan
    self.unpriced = unpriced
    own = home.flatMap { groups[$0] } ?? []
    foreign = groups.filter { $0.key != home }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  var isEmpty: Bool { own.isEmpty && foreign.isEmpty }

  /// The row in the plan's currency, and one for each other currency that is claimed.
  func entries(beside entry: ReconciliationEntry) -> [ReconciliationEntry] {
    [claimedElsewhere(entry) ?? entry] + foreign.map { row(of: $0.lines, in: $0.currency, beside: entry) }
  }

  /// What is due in the plan's currency is not missing if it is claimed in another one; nor is it the same.
  private func claimedElsewhere(_ entry: ReconciliationEntry) -> ReconciliationEntry? {
    let isMissing = entry.finding.status == .missingInvoice || entry.finding.status == .underBilled
    let claims = foreign.map { Money($0.lines.amount, $0.currency) }.filter { !$0.amount.isZero }
    guard own.isEmpty, !claims.isEmpty, isMissing else { return nil }
    let sums = claims.map(\.description).joined(separator: " and ")
    return entry.with(
      .init(
        .notComparable, entry.finding.reason, "\(entry.finding.explanation) in this currency; \(sums) are claimed"))
  }

  private func row(
    of lines: [InvoiceLine], in currency: Currency, beside entry: ReconciliationEntry
  ) -> ReconciliationEntry {
    var figures = ReconciliationEntry.Figures()
    figures.invoicedQuantity = lines.quantity
    figures.invoicedAmount = lines.amount
    let claimed = Money(lines.amount, currency)
    let finding: ReconciliationEntry.Finding
    if lines.amount.isZero {
      finding = .init(.matched)
    } else if let plan {
      let expected = entry.figures.expectedAmount.map { ", where \(Money($0, plan)) are expected" } ?? ""
      finding = .init(
        .notComparable, nil, "the invoice is in \(currency), the plan in \(plan): it has \(claimed)\(expected)")
    } else {
      finding = .init(.notComparable, nil, "\(unpriced); the invoice has \(claimed)")
    }
    return ReconciliationEntry(
      category: entry.category, metric: entry.metric, currency: currency, isForeign: true,
      invoiceLines: lines.map(\.key),
      issueStatus: lines.issueStatus, figures: figures, finding: finding)
  }
}
