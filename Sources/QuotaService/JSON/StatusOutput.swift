import FoundationEssentials
package import QuotaCore

/// A row of `status` as JSON.
package struct StatusOutput: Encodable {
  let organizationId: String
  let organizationName: String
  let month: BillingMonth?
  let metric: Metric
  let used: Int64?
  let quota: Int64?
  let percent: Int64?
  let sinceYesterday: Int64?
  let projected: Int64?
  let lastSeenAt: Date?
  let state: StatusRow.State
  let problem: String?
  let level: Level?
  let marks: [AlertMark]
  /// Those that were to tell of the organization.
  let deadLetters: [DeadLetterOutput]

  /// - Parameter dead: those that may be told of.
  package init(_ row: StatusRow, _ dead: [DeadLetter]) {
    deadLetters = dead.filter { letter in letter.events.contains { $0.organization == row.organization } }
      .map(DeadLetterOutput.init)
    organizationId = row.organization.rawValue
    organizationName = row.name
    month = row.month
    metric = row.metric
    used = row.used
    quota = row.quota
    percent = row.percent
    sinceYesterday = row.sinceYesterday
    projected = row.projected
    lastSeenAt = row.lastSeenAt
    state = row.state
    problem = row.problem
    level = row.level
    marks = row.marks
  }
}
