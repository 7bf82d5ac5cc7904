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
    let time = try common.time
    let report = try await common.service().why(organization, rule: rule)
    if json {
      Console.standardOutput.printJSON(JSONText.pretty(WhyOutput(report)))
    } else {
      Console.standardOutput.print(WhyScreen(report, time: time).screen)
    }
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

  struct Restored: Encodable {
    let knownUntil: Date
    let restoredAt: Date
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
  let restorations: [Restored]
  let months: [Month]
  let rules: [RuleEntry]
  let notices: [NoticeEntry]
  let holds: [String]

  init(_ report: WhyReport) {
    organizationId = report.organization.id
    judgedAt = report.judgedAt
    lastSuccessAt = report.history.lastSuccessAt
    failure = report.history.failing?.message
    restorations = report.restorations.map { Restored(knownUntil: $0.gap.from, restoredAt: $0.gap.to) }
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
