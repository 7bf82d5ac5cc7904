import FoundationEssentials
import TestSupport

@testable import QuotaCore

/// One organization that is read again and again, and what one kind of rule says of it each time.
struct RuleWorld {
  let kind: any RuleKind
  var quota = Quota(pages: 10_000)
  var plan: PricePlan?
  /// What is known of the rule's alerts.
  var alerts: [Alert] = []
  /// The verdicts of the latest reading.
  private(set) var verdicts: [Verdict] = []
  private(set) var profile: ProfileWorld
  /// A rule that reminds says of what fires on that it does; otherwise there is nothing to say of it.
  var remindEvery: TimeSpan? = .hours(1)

  init(_ kind: any RuleKind, zone: TimeZone = .gmt) {
    self.kind = kind
    profile = ProfileWorld(zone)
  }

  /// Decodes one rule of the type; the settings without the id and the type.
  init(_ type: String, _ settings: String = "", zone: TimeZone = .gmt) throws {
    let text = #"{"id": "r", "type": "\#(type)"\#(settings.isEmpty ? "" : ", ")\#(settings)}"#
    let decoded = try decodeConfiguration(text) { $0.decoded(as: Rule.shape) }
    guard let rule = decoded.value, decoded.issues.isEmpty else {
      throw Refused(lines: decoded.issues.map { "\($0)" })
    }
    self.init(rule.kind, zone: zone)
  }

  struct Refused: Error {
    let lines: [String]
  }

  /// Reads the current month, and past ones in the same run.
  @discardableResult
  mutating func read(
    _ pages: Int64, _ conversions: Int64 = 0, at time: Date, past: [(month: String, pages: Int64)] = [],
    duplicateKeys: DuplicateKeys? = nil
  ) -> [Verdict] {
    guard let current = BillingMonth(containing: time, in: profile.zone) else { return [] }
    let months = [(current, pages, conversions)] + past.map { (billingMonth($0.month), $0.pages, Int64(0)) }
    let observed = months.compactMap { month, pages, conversions -> ObservedMonth? in
      let before = profile.latest[month]
      profile.read(pages, conversions, at: time, month: month)
      return profile.latest[month].map {
        ObservedMonth(snapshot: $0, before: before, quota: quota, period: month.period(in: profile.zone))
      }
    }
    return judge(observed, at: time, duplicateKeys: duplicateKeys)
  }

  /// Judges months that were observed, or none.
  @discardableResult
  mutating func judge(_ months: [ObservedMonth], at time: Date, duplicateKeys: DuplicateKeys? = nil) -> [Verdict] {
    let input = RuleInput(
      organization: Organization(id: OrganizationID("acme"), name: "Acme Corp", pricePlan: plan), now: time,
      months: months, history: PollHistory(firstAttemptAt: moment("2026-01-01T00:00"), lastSuccessAt: time),
      zone: profile.zone, profile: profile.profile, duplicateKeys: duplicateKeys)
    verdicts = Rule(id: RuleID("r"), kind: kind, remindEvery: remindEvery).news(on: input, alerts)
    return verdicts
  }

  /// Whether the rule's only condition holds; nil if it says nothing.
  var holds: Bool? { verdicts.first?.holds }

  /// Takes the latest verdicts as told.
  mutating func tell() {
    for verdict in verdicts {
      alerts.removeAll { $0.key == verdict.key }
      alerts.append(
        Alert(
          key: verdict.key, status: verdict.holds ? .firing : .resolved, severity: .warning, episode: 1,
          firedAt: moment("2026-01-01T00:00"), changedAt: moment("2026-01-01T00:00"), reason: verdict.reason,
          evidence: verdict.evidence))
    }
  }
}

/// An office: so many pages in each hour from 9:00 to 17:00 on working days, counted within the month, in UTC.
func officeUse(perHour: Int64, upTo time: Date) -> Int64 {
  guard let month = BillingMonth(containing: time, in: .gmt) else { return 0 }
  let quarters = (month.firstDay * 96)..<(time.wholeSeconds / 900)
  let busy = quarters.count { quarter in
    WeekdayProfile.weekday(quarter / 96) < 5 && (36..<68).contains(quarter % 96)
  }
  return Int64(busy) * perHour / 4
}

extension Rule {
  /// What the rule says, as far as it changes an alert.
  func news(on input: RuleInput, _ alerts: [Alert]) -> [Verdict] {
    var collector = VerdictCollector([self], on: input, alerts, isComplete: false)
    kind.judge(input, into: &collector)
    return collector.verdicts
  }
}
