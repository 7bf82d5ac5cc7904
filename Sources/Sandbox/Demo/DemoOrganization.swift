package import QuotaCore

/// One organization of the demo's month.
package struct DemoOrganization: Sendable {
  package let id: OrganizationID
  package let name: String
  package let plan: String
  package let quota: Quota
  /// One sentence for people: what happens to it in the month.
  package let story: String
  /// The keys that it goes through, each from a day of the month on, the first from day 1; made up.
  package let keys: [(fromDay: Int, key: String)]
  /// The final counters of the month before, below half of the quota: that month is over and no part of the story.
  let october: Counters
  let curve: UsageCurve
  let incidents: [DemoIncident]

  /// The key that a configuration names on a day of the month.
  package func key(onDay day: Int) -> String {
    keys.last { $0.fromDay <= day }?.key ?? ""
  }

  /// The keys that the vendor takes on a day of the month.
  func validKeys(onDay day: Int) -> [String] {
    incidents.contains { $0.isOn(day) && $0.kind == .keyRevoked } ? [] : [key(onDay: day)]
  }
}

/// Something that happens to an organization in the demo's month.
struct DemoIncident: Hashable, Sendable {
  enum Kind: Hashable, Sendable {
    /// The vendor knows no key of it.
    case keyRevoked
    /// Every answer is a 500.
    case serverErrors
    /// So much is taken away from the counters.
    case correction(Counters)
  }

  let kind: Kind
  /// Days of the month.
  let days: ClosedRange<Int>

  func isOn(_ day: Int) -> Bool { days.contains(day) }
}
