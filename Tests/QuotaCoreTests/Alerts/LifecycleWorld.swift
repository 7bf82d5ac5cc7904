import FoundationEssentials
@testable import QuotaCore
import TestSupport

/// One organization whose alerts are advanced reading by reading, as the collect cycle does it.
struct LifecycleWorld {
  static let earlier = moment("2026-11-23T12:00")
  static let now = moment("2026-11-23T12:15")

  var rules: [Rule]
  var quota = Quota(pages: 10_000)
  var alerts: [AlertKey: Alert] = [:]
  var organization = Organization(id: OrganizationID("acme"), name: "Acme Corp")
  /// How long after a reading the next one is made.
  var interval = TimeSpan.minutes(15)
  private var latest: [BillingMonth: Snapshot] = [:]
  private var quotaBefore: Quota?
  private var clock = Self.earlier

  init(rules: [Rule] = [Self.pages(["50%", "80%", "100%"])]) {
    self.rules = rules
  }

  static func pages(_ levels: [String], id: String = "r", severity: Severity = .warning) -> Rule {
    let kind = ThresholdRule(metric: .pages, levels: levels.map { alertLevel($0) })
    return Rule(id: RuleID(id), kind: kind, severity: RuleSeverity(severity), notify: [])
  }

  func input(
    months: [ObservedMonth], history: PollHistory = PollHistory(), now: Date = Self.now
  ) -> RuleInput {
    RuleInput(
      organization: organization, now: now, months: months, history: history)
  }

  private func observed(_ text: String, pages: Int64, before: Snapshot?, id: Int64, at time: Date) -> ObservedMonth {
    let snapshot = Snapshot(
      id: id, organization: OrganizationID("acme"), month: billingMonth(text),
      counters: Counters(pages: pages, conversions: 0),
      firstSeenAt: time, lastSeenAt: time)
    return ObservedMonth(
      snapshot: snapshot, before: before, quota: quota, quotaBefore: quotaBefore,
      period: billingMonth(text).period(in: .gmt))
  }

  private var known: [Alert] { alerts.values.sorted { $0.key < $1.key } }

  /// The verdicts of the first rule on a reading of November.
  func verdicts(used: Int64, before: Int64?) -> [Verdict] {
    let first = before.map { observed("2026-11", pages: $0, before: nil, id: 1, at: Self.earlier).snapshot }
    let month = observed("2026-11", pages: used, before: first, id: 2, at: Self.now)
    return rules[0].news(on: input(months: [month]), known)
  }

  /// Reads months and returns what there is to tell, apart from months that have ended.
  mutating func read(_ months: (month: String, pages: Int64)...) -> [Event] {
    step(months).events.filter { $0.transition != .expired }
  }

  /// The same readings of November, one after the other.
  mutating func november(_ pages: Int64...) -> [[Event]] {
    pages.map { read(("2026-11", $0)) }
  }

  mutating func step(_ months: [(month: String, pages: Int64)]) -> AlertLifecycle.Outcome {
    clock = clock + interval
    let observedMonths = months.map {
      observed(
        $0.month, pages: $0.pages, before: latest[billingMonth($0.month)], id: Int64(latest.count + 1), at: clock)
    }
    let outcome = AlertLifecycle.step(rules, on: input(months: observedMonths, now: clock), alerts: known)
    quotaBefore = quota
    for month in observedMonths { latest[month.snapshot.month] = month.snapshot }
    for alert in outcome.changed { alerts[alert.key] = alert }
    for key in outcome.forgotten { alerts[key] = nil }
    return outcome
  }
}
