import FoundationEssentials
import QuotaCore

/// The reconciliation as a document to print: a statement for each organization and month, each on a page of its own,
/// without anything that is loaded from elsewhere.
struct ReconciliationStatements: ReconciliationDocument {
  private let frame: ReconciliationFrame
  private var output: OutputBuffer
  private var hasBegun = false
  private var isEmpty = true

  init(_ frame: ReconciliationFrame, to sink: @escaping UsageReport.Sink) {
    self.frame = frame
    output = OutputBuffer(sink)
  }

  mutating func write(_ month: ReconciledMonth, usage: [MonthDay]) throws {
    try begin()
    isEmpty = false
    try output.append(statement(month, usage))
  }

  mutating func finish() throws {
    try begin()
    if isEmpty { try output.append("<p>There is nothing to reconcile.</p>\n") }
    try output.append("</body>\n</html>\n")
    try output.flush()
  }

  private mutating func begin() throws {
    guard !hasBegun else { return }
    hasBegun = true
    try output.append(
      """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>DocuTray usage and invoices, reconciled \(frame.reconciledAt.iso8601.prefix(10))</title>
      <style>
      \(Self.style)
      </style>
      </head>
      <body>

      """)
  }

  private func statement(_ month: ReconciledMonth, _ usage: [MonthDay]) -> String {
    let name = (month.organizationName ?? month.organization?.rawValue ?? "Lines of no organization").escapedForHTML
    let period = month.month?.description ?? "month not known"
    let facts = self.facts(month).map { "<dt>\($0)</dt><dd>\($1.escapedForHTML)</dd>" }
    let chart = month.month.flatMap { UsageChart(days: usage, dayCount: $0.dayCount).svg }.map {
      "<figure>\n\($0)\n<figcaption>Use up to the end of each day that was read.</figcaption>\n</figure>\n"
    }
    return """
      <section>
      <h1>\(name) <span>\(period)</span></h1>
      <dl>\(facts.joined())</dl>
      \(chart ?? "")\(StatementTable(entries: month.entries).html)
      </section>

      """
  }

  private func facts(_ month: ReconciledMonth) -> [(String, String)] {
    let facts: [(String, String?)] = [
      ("Organization", month.organization?.rawValue),
      ("Billing month", month.month.map { "\($0), \(frame.zoneName)" }),
      ("Figures", month.periodStatus?.words),
      ("Closed", month.closedAt?.iso8601),
      ("Plan", month.pricePlan),
      ("Reading", month.snapshot.map { "snapshot \($0)" }),
      ("Reconciled", frame.reconciledAt.iso8601),
    ]
    return facts.compactMap { name, text in text.map { (name, $0) } }
  }

  /// Blue and vermilion are told apart with every kind of colour vision (Okabe and Ito), and in grey.
  private static let style = """
    body { font: 10pt/1.4 system-ui, sans-serif; color: #111; margin: 2em auto; max-width: 70em; padding: 0 1em; }
    section { margin-bottom: 4em; }
    h1 { font-size: 1.5em; margin: 0 0 .5em; }
    h1 span { font-weight: normal; color: #555; }
    dl { display: grid; grid-template-columns: max-content 1fr; gap: .1em 1.5em; margin: 0 0 1em; }
    dt { color: #555; }
    dd { margin: 0; }
    figure { margin: 0 0 1em; }
    figcaption, small { color: #555; font-size: .85em; }
    svg { width: 100%; max-width: 680px; height: auto; font: 11px system-ui, sans-serif; }
    svg .panel { font-weight: bold; }
    svg .scale { fill: #555; }
    svg .axis { stroke: #bbb; fill: none; }
    svg polyline { fill: none; stroke-width: 2; stroke-linejoin: round; }
    svg .pages { stroke: #0072b2; }
    svg .conversions { stroke: #d55e00; stroke-dasharray: 6 3; }
    svg .dots { fill: none; stroke-width: 5; stroke-linecap: round; stroke-dasharray: none; }
    table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
    th, td { padding: .25em .5em; text-align: left; vertical-align: top; border-bottom: 1px solid #ddd; }
    th { font-weight: 600; }
    .n { text-align: right; white-space: nowrap; }
    .good { color: #005a8c; }
    .open { color: #555; }
    .bad { color: #a34700; font-weight: 600; }
    .note td { color: #333; font-size: .9em; border-bottom-color: #bbb; }
    tfoot th, tfoot td { border-top: 2px solid #111; border-bottom: 0; font-weight: 600; }
    @media print {
      @page { size: A4 landscape; margin: 15mm; }
      body { margin: 0; max-width: none; padding: 0; font-size: 9pt; }
      section { break-after: page; margin: 0; }
      section:last-of-type { break-after: auto; }
      tr, figure { break-inside: avoid; }
    }
    """
}
