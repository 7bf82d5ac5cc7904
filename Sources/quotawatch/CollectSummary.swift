import FoundationEssentials
import QuotaCore
import QuotaService

/// The run in words.
struct CollectSummary {
  let report: CollectReport

  /// Whether only what was not so in the run before is a warning.
  private let isOfNews: Bool

  private let time: ReaderTime

  init(_ report: CollectReport, onlyNews: Bool = false, time: ReaderTime = .utc) {
    (self.report, self.time) = (report, time)
    isOfNews = onlyNews && !report.dryRun
  }

  /// What was given up, or only in this run.
  var deadLetters: [DeadLetter] {
    report.deadLetters.filter { !isOfNews || $0.diedAt >= report.startedAt }
  }

  var lines: [String] {
    var lines: [String] = []
    if report.dryRun { lines += readings }
    lines += report.events.map {
      "\($0.transition == .firing ? "firing" : "resolved"): \($0.organization?.rawValue ?? "vendor"): \(time(in: $0.reason))"
    }
    lines += totals
    lines += DeadLetterText(letters: report.deadLetters, time: time).lines
    if report.dryRun { lines.append("Dry run: nothing was written or sent.") }
    return lines
  }

  /// What the run came to.
  var totals: [String] {
    let seconds = report.endedAt.timeIntervalSince(report.startedAt)
    let summary = report.summary
    var lines: [String] = []
    lines.append(
      "Read \(summary.read.grouped) of \(summary.organizations.counted("organization")) in \(tenths(seconds)) s; \(summary.events.counted("alert event")), \(summary.delivered.counted("message")) delivered\(open)."
    )
    let executions = report.executions
    if executions.asked > 0 {
      lines.append(
        "Asked for \(executions.asked.counted("execution")) of the ledger: \(executions.succeeded.grouped) ended well, \(executions.failed.grouped) failed, \(executions.open.grouped) open."
      )
    }
    return lines
  }

  /// The organizations that could not be read, the first few by name.
  var warnings: [String] {
    let failures = report.entries.filter { entry in
      entry.failure != nil && isTold(entry.organization.rawValue)
    }
    let shown = failures.prefix(20).map { entry in
      let months = entry.missingMonths.map(\.description).joined(separator: ", ")
      return "\(entry.organization)\(months.isEmpty ? "" : " (\(months))"): \(entry.failure?.message ?? "")"
    }
    let more = failures.count - shown.count
    let executions = report.executions.failures.filter { isTold("\($0.key)") }.sorted { $0.key < $1.key }
    let unasked = executions.prefix(5).map { "\($0.key): \($0.value.message)" }
    return shown + unasked
      + (executions.count > 5
        ? ["and \((executions.count - 5).counted("more execution")); `quotawatch ledger poll` shows them"] : [])
      + (more > 0 ? ["and \(more.counted("more organization")) could not be read; `quotawatch status` shows them"] : [])
  }

  /// What went wrong before and does not any more, on one line; nil for nothing.
  var recovery: String? {
    let over = report.troubles.over
    guard !over.isEmpty else { return nil }
    let more = over.count > 20 ? ["\((over.count - 20).grouped) more"] : []
    return "works again: \((over.prefix(20) + more).joined(separator: ", "))"
  }

  private func isTold(_ subject: String) -> Bool { !isOfNews || report.troubles.new.contains(subject) }

  /// What each organization that is listed was read to have used.
  var readings: [String] {
    report.entries.compactMap { entry in
      entry.reading.map {
        "\(entry.organization): \($0.month): \($0.counters.counted.joined(separator: ", "))"
      }
    }
  }

  private var open: String {
    let summary = report.summary
    return (summary.pending > 0 ? ", \(summary.pending.grouped) waiting for another attempt" : "")
      + (summary.dead > 0 ? ", \(summary.dead.grouped) given up (quotawatch notify list --dead)" : "")
  }

  private func tenths(_ seconds: Double) -> String {
    let tenths = Int((seconds * 10).rounded())
    return "\((tenths / 10).grouped).\(tenths % 10)"
  }

}
