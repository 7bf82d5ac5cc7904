import ArgumentParser
import FoundationEssentials
import QuotaCore
import QuotaService
import Reports

struct WhyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "why",
    abstract: "Explain what the rules say of an organization, what was sent, and what holds back the rest.",
    discussion: """
      Nothing is asked of the vendor, written or sent: the rules are judged on what is stored.

      Examples:
        quotawatch why acme
        quotawatch why acme pages-quota
        quotawatch why acme --json
      """)

  @OptionGroup var common: CommonOptions

  @Argument(help: "The organization.", completion: .custom(KnownNames.organizations))
  var organization: String

  @Argument(help: "Only this rule.", completion: .custom(KnownNames.rules))
  var rule: String?

  @Flag(help: "Print the explanation as JSON.")
  var json = false

  func run() async throws {
    let report = try await common.service().why(organization, rule: rule)
    if json {
      Console.standardOutput.printJSON(JSONText.pretty(WhyOutput(report)))
    } else {
      for line in WhyText(report).lines { Console.standardOutput.print(line) }
    }
  }
}

/// The explanation in words.
private struct WhyText {
  private let report: WhyReport

  init(_ report: WhyReport) {
    self.report = report
  }

  var lines: [String] {
    [heading] + figures + report.rules.flatMap(rule)
      + section("What was told, newest first", report.notices.map(notice), empty: "nothing so far")
      + section("What holds back sending now", report.holds, empty: "nothing")
  }

  private var heading: String {
    let organization = report.organization
    let plan = organization.plan.map { ", plan \($0)" } ?? ""
    return "\(organization.name) (\(organization.id)\(plan)), judged at \(report.judgedAt.iso8601)"
  }

  private var figures: [String] {
    let history = report.history
    let last = history.lastSuccessAt.map { "last read at \($0.iso8601)" } ?? "never read"
    let failing = history.failing.map { "; failing since \($0.firstFailedAt.iso8601): \($0.message)" } ?? ""
    return ["  \(last)\(failing)"]
      + report.months.map { month in
        let figures = Metric.allCases.map { metric in
          MessageFormat.figures(used: month.snapshot.counters[metric], quota: month.quota[metric], metric: metric)
        }
        let snapshot = month.snapshot
        return "  \(snapshot.month): \(figures.joined(separator: ", ")) (snapshot \(snapshot.id), seen from "
          + "\(snapshot.firstSeenAt.iso8601) to \(snapshot.lastSeenAt.iso8601))"
      }
  }

  private func rule(_ entry: WhyReport.RuleReport) -> [String] {
    let to = entry.recipients.isEmpty ? "nobody" : entry.recipients.map(\.rawValue).joined(separator: ", ")
    let heading = "\(entry.rule.id) (\(entry.rule.kind.type.rawValue)), told to \(to):"
    if let passedOver = entry.passedOver { return ["", heading, "  not judged: \(passedOver)"] }
    guard !entry.verdicts.isEmpty else { return ["", heading, "  cannot tell from what is stored"] }
    return ["", heading]
      + entry.verdicts.flatMap { verdict in
        ["  \(verdict.holds ? "holds" : "does not hold"): \(verdict.reason)\(state(verdict.alert))"]
          + (verdict.evidence.projections ?? []).map { "    \($0.words)" }
      }
  }

  private func state(_ alert: Alert?) -> String {
    guard let alert else { return "" }
    switch alert.status {
    case .pending:
      let notBefore = alert.pending?.notBefore.map { ", not told before \($0.iso8601)" } ?? ""
      return "; pending since \((alert.pending?.since ?? alert.changedAt).iso8601)\(notBefore)"
    case .firing:
      let marks = report.marks.marks(of: alert).map { mark in
        let by = mark == .acknowledged ? alert.acknowledgement.map { " by \($0.by)" } ?? "" : ""
        return ", \(mark.rawValue)\(by)"
      }
      let flapping = alert.flapping?.lastHeldAt == nil ? "" : ", goes back and forth"
      return "; firing since \(alert.firedAt.iso8601)\(marks.joined())\(flapping)"
    case .resolved: return "; resolved at \(alert.changedAt.iso8601)"
    case .expired: return "; expired with its month"
    case .retired: return "; not watched since \(alert.changedAt.iso8601)"
    }
  }

  private func notice(_ entry: NoticeFate) -> String {
    let event = entry.notice.event
    return "\(event.occurredAt.iso8601) \(event.id) to \(entry.notice.notifier): \(fate(entry))"
  }

  private func fate(_ entry: NoticeFate) -> String {
    switch entry.notice.state {
    case .waiting(nil): return "waits for the end of the run"
    case .waiting(let hold?): return "held back (\(hold.rawValue))"
    case .dropped(let reason): return "not told (\(reason.rawValue))"
    case .queued(let message):
      guard let delivery = entry.delivery else { return "in message \(message)" }
      let unusual = delivery.remark.map { " (\($0))" } ?? ""
      let answer = (delivery.lastAnswer.map { ": \($0)" } ?? "") + unusual
      switch delivery.status {
      case .delivered:
        return "delivered at \(delivery.lastAttemptAt?.iso8601 ?? "")\(answer)"
      case .dead: return "given up after \(delivery.attempts.counted("attempt"))\(answer)"
      case .pending: return "waits for the next run, after \(delivery.attempts.counted("attempt"))\(answer)"
      case .withdrawn: return "withdrawn"
      }
    }
  }

  private func section(_ title: String, _ entries: [String], empty: String) -> [String] {
    ["", "\(title):"] + (entries.isEmpty ? ["  \(empty)"] : entries.map { "  \($0)" })
  }
}

/// The explanation as JSON.
private struct WhyOutput: Encodable {
  struct Month: Encodable {
    let month: BillingMonth
    let pages: Int64
    let conversions: Int64
    let quotaPages: Int64?
    let quotaConversions: Int64?
    let snapshotId: Int64
    let firstSeenAt: Date
    let lastSeenAt: Date
  }

  struct RuleEntry: Encodable {
    let id: RuleID
    let type: String
    let notJudged: String?
    let notify: [NotifierID]
    let verdicts: [VerdictEntry]
  }

  struct VerdictEntry: Encodable {
    let alert: String
    let holds: Bool
    let status: Alert.Status?
    let marks: [AlertMark]
    let reason: String
    let evidence: Evidence
  }

  struct NoticeEntry: Encodable {
    let event: EventID
    let occurredAt: Date
    let notifier: NotifierID
    let state: String
    let hold: Hold?
    let dropReason: DropReason?
    let message: MessageID?
    let delivery: Delivery.Status?
    let attempts: Int?
    let lastAttemptAt: Date?
    let lastAnswer: String?
    let remark: String?
  }

  let organizationId: OrganizationID
  let judgedAt: Date
  let lastSuccessAt: Date?
  let failure: String?
  let months: [Month]
  let rules: [RuleEntry]
  let notices: [NoticeEntry]
  let holds: [String]

  init(_ report: WhyReport) {
    organizationId = report.organization.id
    judgedAt = report.judgedAt
    lastSuccessAt = report.history.lastSuccessAt
    failure = report.history.failing?.message
    months = report.months.map { month in
      Month(
        month: month.snapshot.month, pages: month.snapshot.counters.pages,
        conversions: month.snapshot.counters.conversions, quotaPages: month.quota.pages,
        quotaConversions: month.quota.conversions, snapshotId: month.snapshot.id,
        firstSeenAt: month.snapshot.firstSeenAt, lastSeenAt: month.snapshot.lastSeenAt)
    }
    rules = report.rules.map { entry in
      RuleEntry(
        id: entry.rule.id, type: entry.rule.kind.type.rawValue, notJudged: entry.passedOver, notify: entry.recipients,
        verdicts: entry.verdicts.map { verdict in
          VerdictEntry(
            alert: verdict.key.description, holds: verdict.holds, status: verdict.alert?.status,
            marks: verdict.alert.map { report.marks.marks(of: $0) } ?? [],
            reason: verdict.reason, evidence: verdict.evidence)
        })
    }
    notices = report.notices.map(NoticeEntry.init)
    holds = report.holds
  }
}

extension WhyOutput.NoticeEntry {
  init(_ entry: NoticeFate) {
    event = entry.notice.event.id
    occurredAt = entry.notice.event.occurredAt
    notifier = entry.notice.notifier
    delivery = entry.delivery?.status
    attempts = entry.delivery?.attempts
    lastAttemptAt = entry.delivery?.lastAttemptAt
    lastAnswer = entry.delivery?.lastAnswer
    remark = entry.delivery?.remark
    switch entry.notice.state {
    case .waiting(let hold): (state, self.hold, dropReason, message) = ("waiting", hold, nil, nil)
    case .queued(let id): (state, hold, dropReason, message) = ("queued", nil, nil, id)
    case .dropped(let reason): (state, hold, dropReason, message) = ("dropped", nil, reason, nil)
    }
  }
}
