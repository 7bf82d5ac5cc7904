import FoundationEssentials

/// What keeps a finding from being the last word: a month or an invoice that is not final, and lines that nobody
/// understands.
struct FinalityGate {
  private let evidence: MonthEvidence
  private let unknown: [InvoiceLine]

  /// - Parameter unknown: the lines that are not understood and may belong to this organization's month.
  init(_ evidence: MonthEvidence, unknown: [InvoiceLine]) {
    self.evidence = evidence
    self.unknown = unknown
  }

  func passing(_ entry: ReconciliationEntry) -> ReconciliationEntry {
    held(entry).map(entry.with) ?? entry
  }

  private func held(_ entry: ReconciliationEntry) -> ReconciliationEntry.Finding? {
    let finding = entry.finding
    if let why = unfinished(entry), finding.status != .notComparable {
      let text = finding.explanation.isEmpty ? "the figures agree so far" : "so far: \(finding.explanation)"
      return .init(.pending, finding.reason, "\(why); \(text)")
    }
    let invoices = Set(entry.invoiceLines.map(\.invoice))
    let blocking = unknown.filter { invoices.contains($0.key.invoice) }
    guard finding.status == .matched || finding.status == .matchedWithinTolerance, !blocking.isEmpty else { return nil }
    let names = blocking.prefix(3).map { "\($0.key.line) of \($0.key.invoice)" }.joined(separator: ", ")
    let more = blocking.count > 3 ? " and \((blocking.count - 3).grouped) more" : ""
    return .init(
      .notComparable, .unknownLine,
      "the figures agree, but this invoice has what is not understood: line \(names)\(more)")
  }

  private func unfinished(_ entry: ReconciliationEntry) -> String? {
    if !evidence.isOver { return "the month is not over" }
    if entry.issueStatus == .open { return "the invoice is not issued yet" }
    let lateResults = evidence.end + Settlement.lateResults
    if evidence.status == .open, let latest = evidence.latest, latest.lastSeenAt < lateResults {
      return
        "the month was last read on \(latest.lastSeenAt.words(in: .gmt)), "
        + "and late results come until \(lateResults.words(in: .gmt))"
    }
    return nil
  }
}
