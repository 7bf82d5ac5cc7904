import FoundationEssentials
package import QuotaCore

/// A run as JSON.
package struct RunOutput: Encodable {
  let runId: Int64
  let startedAt: Date
  let endedAt: Date
  let summary: RunSummary

  package init(_ run: Run) {
    runId = run.id
    startedAt = run.startedAt
    endedAt = run.endedAt
    summary = run.summary
  }

  package init(_ report: CollectReport) {
    runId = report.runID
    startedAt = report.startedAt
    endedAt = report.endedAt
    summary = report.summary
  }
}
