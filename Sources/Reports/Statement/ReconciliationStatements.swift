import FoundationEssentials
import QuotaCore

/// The reconciliation as a document to read and to print: an overview, and behind it a statement for each organization and
/// month, each on a page of its own, without anything that is loaded from elsewhere.
///
/// What the overview says is known at the end only, so that until then the statements wait in a ``Spool``.
struct ReconciliationStatements: ReconciliationDocument {
  private let frame: ReconciliationFrame
  private var output: OutputBuffer
  private var overview = ReconciliationOverview()
  private let statements = Spool()
  private var count = 0

  init(_ frame: ReconciliationFrame, to sink: @escaping UsageReport.Sink) {
    self.frame = frame
    output = OutputBuffer(sink)
  }

  mutating func write(_ month: ReconciledMonth, usage: [MonthDay]) throws {
    overview.add(month)
    count += 1
    try statements.append(statement(month, usage))
  }

  mutating func finish() throws {
    try output.append(head)
    try StatementOverview(overview: overview, frame: frame).write { try output.append($0) }
    try statements.drain { try output.append($0) }
    try output.append("</main>\n</body>\n</html>\n")
    try output.flush()
  }

  private var head: String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>DocuTray usage and invoices, reconciled \(frame.day(frame.reconciledAt))</title>
    <style>
    \(StatementStyle.css)\(frame.letterhead?.style ?? "")
    </style>
    </head>
    <body>
    <main>

    """
  }

  private func statement(_ month: ReconciledMonth, _ usage: [MonthDay]) -> String {
    let name = (month.organizationName ?? month.organization?.rawValue ?? "Lines of no organization").escapedForHTML
    let period = month.month?.description ?? "month not known"
    let facts = self.facts(month).map { "<dt>\($0)</dt><dd>\($1.escapedForHTML)</dd>" }
    let chart = month.month.flatMap { UsageChart(days: usage, dayCount: $0.dayCount, quota: month.quota).svg }.map {
      "<figure>\n\($0)\n<figcaption>Use up to the end of each day that was read.</figcaption>\n</figure>\n"
    }
    return """
      <section id="s\(count)">
      \(frame.letterhead?.html ?? "")<h2>\(name) <span>\(period)</span></h2>
      <div class="top">
      <dl>\(facts.joined())</dl>
      \(chart ?? "")</div>
      \(StatementTable(entries: month.entries).html)
      <p class="back"><a href="#overview">Overview</a></p>
      </section>

      """
  }

  private func facts(_ month: ReconciledMonth) -> [(String, String)] {
    let quota = Metric.allCases.sorted(by: >).compactMap { metric in
      month.quota[metric].map { $0.counted(metric) }
    }
    let facts: [(String, String?)] = [
      ("Organization", month.organization?.rawValue),
      ("Billing month", month.month.map { "\($0), \(frame.zoneName)" }),
      ("Quota", quota.isEmpty ? nil : quota.joined(separator: ", ")),
      ("Figures", month.periodStatus?.words),
      ("Closed", month.closedAt.map(frame.day)),
      ("Plan", month.pricePlan),
      ("Reading", month.snapshot.map { "snapshot \($0)" }),
      ("Reconciled", frame.day(frame.reconciledAt)),
    ]
    return facts.compactMap { name, text in text.map { (name, $0) } }
  }
}
