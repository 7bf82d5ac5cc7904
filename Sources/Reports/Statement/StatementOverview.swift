import QuotaCore

/// The first page of the statements: what all of them come to, by status and by organization, with links.
struct StatementOverview {
  let overview: ReconciliationOverview
  let frame: ReconciliationFrame

  /// Hands the page over in parts.
  func write(_ body: (String) throws -> Void) throws {
    try body(
      """
      <section id="overview">
      \(frame.letterhead?.html ?? "")<h1>DocuTray usage and invoices\(overview.period.map { " <span>\($0)</span>" } ?? "")</h1>
      <dl>\(facts.map { "<dt>\($0)</dt><dd>\($1.escapedForHTML)</dd>" }.joined())</dl>

      """)
    guard overview.totals.rows > 0 else {
      return try body("<p>There is nothing to reconcile.</p>\n</section>\n")
    }
    try body(statuses)
    try body("<h2>By organization</h2>\n<table class=\"organizations\">\n<thead><tr>")
    try body(Self.heads(["Organization", "Statements", "Not matched"]) + "</tr></thead>\n<tbody>\n")
    var number = 0
    for organization in overview.organizations {
      try body(row(organization, number))
      number += organization.months.count
    }
    try body("</tbody>\n<tfoot>\n\(totals(2))</tfoot>\n</table>\n</section>\n")
  }

  private var facts: [(String, String)] {
    [("Months", frame.zoneName), ("Reconciled", frame.day(frame.reconciledAt))]
  }

  private var statuses: String {
    let rows = overview.totals.statuses.flatMap { status in
      overview.totals.currencies.compactMap { currency in
        overview.totals.sums(in: currency, of: status).map { sums in
          "<tr><th scope=\"row\" class=\"\(status.emphasis.rawValue)\">\(status.words)</th>\(Self.cells(sums, currency))</tr>\n"
        }
      }
    }
    return """
      <h2>By status</h2>
      <table class="statuses">
      <thead><tr>\(Self.heads(["Status"]))</tr></thead>
      <tbody>
      \(rows.joined())</tbody>
      <tfoot>
      \(totals(0))</tfoot>
      </table>

      """
  }

  /// - Parameter number: how many statements are before those of the organization.
  private func row(_ organization: ReconciliationOverview.Row, _ number: Int) -> String {
    let name = (organization.name ?? organization.id?.rawValue ?? "Lines of no organization").escapedForHTML
    let links = organization.months.enumerated().map { index, month in
      "<a href=\"#s\(number + index + 1)\">\(month?.description ?? "month not known")</a>"
    }
    let open = organization.totals.statuses.filter { !ReconciliationStatus.settled.contains($0) }.map { status in
      "<span class=\"\(status.emphasis.rawValue)\">\(organization.totals.rows(of: status).grouped) \(status.words)</span>"
    }
    let first =
      "<th scope=\"row\">\(name)</th><td>\(links.joined(separator: " "))</td><td>\(open.joined(separator: "<br>"))</td>"
    let lines = organization.totals.currencies.enumerated().map { index, currency in
      let cells = organization.totals.sums(in: currency).map { Self.cells($0, currency) } ?? ""
      return "<tr>\(index == 0 ? first : "<th scope=\"row\">\(name)</th><td></td><td></td>")\(cells)</tr>\n"
    }
    return lines.joined()
  }

  /// A row for each currency.
  ///
  /// - Parameter between: how many columns are before the figures, besides the first.
  private func totals(_ between: Int) -> String {
    overview.totals.currencies.compactMap { currency in
      overview.totals.sums(in: currency).map { sums in
        "<tr><th scope=\"row\"\(between == 0 ? "" : " colspan=\"\(between + 1)\"")>Total</th>\(Self.cells(sums, currency))</tr>\n"
      }
    }.joined()
  }

  private static func heads(_ names: [String]) -> String {
    let figures = ["Rows", "Expected", "Invoiced", "Difference"].map { "<th scope=\"col\" class=\"n\">\($0)</th>" }
    return names.map { "<th scope=\"col\">\($0)</th>" }.joined() + figures.joined()
  }

  private static func cells(_ sums: ReconciliationTotals.Sums, _ currency: Currency?) -> String {
    let amounts = [sums.expected, sums.invoiced, sums.variance].map { StatementTable.amount($0, currency) }
    return ([sums.rows.grouped] + amounts).map(StatementTable.number).joined()
  }
}

extension ReconciliationOverview {
  /// The first month and the last: `2026-10`, or `2026-10 to 2026-12`.
  var period: String? {
    let known = organizations.lazy.flatMap(\.months).compactMap { $0 }
    guard let first = known.min(), let last = known.max() else { return nil }
    return first == last ? "\(first)" : "\(first) to \(last)"
  }
}
