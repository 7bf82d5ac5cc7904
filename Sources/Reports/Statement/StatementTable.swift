import QuotaCore

/// The entries of a month as a table of HTML, with a sum for each currency.
struct StatementTable {
  let entries: [ReconciliationEntry]

  private static let head: String = {
    let names = [
      "Charge", "Invoice", "Vendor", "Ledger", "Invoiced", "Difference", "Expected", "Invoiced", "Difference", "%",
      "Status",
    ]
    let cells = names.enumerated().map { index, name in
      "<th scope=\"col\"\(index > 1 && index < 10 ? " class=\"n\"" : "")>\(name)</th>"
    }
    return """
      <thead><tr><td colspan="2"></td><th colspan="4" scope="colgroup">Quantity</th>\
      <th colspan="4" scope="colgroup">Amount</th><td></td></tr>
      <tr>\(cells.joined())</tr></thead>
      """
  }()

  var html: String {
    """
    <table class="entries">
    \(Self.head)
    <tbody>
    \(entries.map(row).joined(separator: "\n"))
    </tbody>
    <tfoot>
    \(sums.joined(separator: "\n"))
    </tfoot>
    </table>
    """
  }

  private func row(_ entry: ReconciliationEntry) -> String {
    let figures = entry.figures
    let quantities = [
      figures.vendorUsage?.grouped, figures.ledger?.grouped, figures.invoicedQuantity?.grouped(),
      figures.quantityVariance?.grouped(),
    ]
    let amounts = [figures.expectedAmount, figures.invoicedAmount, figures.amountVariance]
    let cells =
      quantities.map(Self.number)
      + amounts.map { Self.number(Self.amount($0, entry.currency)) }
      + [Self.number(figures.amountVariancePercent?.grouped(minimumDecimals: 2))]
    let status = "<td class=\"\(entry.status.emphasis.rawValue)\">\(entry.status.words)\(Self.reason(entry))</td>"
    let line =
      "<tr\(entry.note.isEmpty ? "" : " class=\"noted\"")><th scope=\"row\">\(entry.title)</th><td>\(Self.invoices(entry))</td>\(cells.joined())\(status)</tr>"
    guard !entry.note.isEmpty else { return line }
    return line + "\n<tr class=\"note\"><td></td><td colspan=\"10\">\(entry.note.escapedForHTML)</td></tr>"
  }

  private static func reason(_ entry: ReconciliationEntry) -> String {
    entry.finding.reason.map { "<br><small>\($0.words)</small>" } ?? ""
  }

  private static func invoices(_ entry: ReconciliationEntry) -> String {
    guard !entry.invoiceLines.isEmpty else { return "" }
    let lines = entry.invoiceLines.map { "\($0.invoice.escapedForHTML) <small>\($0.line.escapedForHTML)</small>" }
    let status = entry.issueStatus.map { $0 == .issued ? "" : " (\($0.words))" } ?? ""
    return lines.joined(separator: "<br>") + status
  }

  static func amount(_ amount: ExactDecimal?, _ currency: Currency?) -> String? {
    amount.map { amount in currency.map { Money(amount, $0).description } ?? amount.grouped() }
  }

  static func number(_ text: String?) -> String {
    text.map { "<td class=\"n\">\($0)</td>" } ?? "<td class=\"n none\">–</td>"
  }

  /// A row for each currency: each column's figures added up, as far as there are any.
  private var sums: [String] {
    let totals = entries.reduce(into: ReconciliationTotals()) { $0.add($1) }
    return totals.currencies.compactMap { currency in
      guard let currency, let sums = totals.sums(in: currency) else { return nil }
      let cells = [sums.expected, sums.invoiced, sums.variance].map { Self.number(Self.amount($0, currency)) }
      return "<tr><th scope=\"row\" colspan=\"6\">Total</th>\(cells.joined())<td></td><td></td></tr>"
    }
  }
}
