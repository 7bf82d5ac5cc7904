import FoundationEssentials
import TestSupport

@testable import QuotaCore

/// One organization whose usage profile is made reading by reading, as the collect cycle does it.
struct ProfileWorld {
  let zone: TimeZone
  var profile = UsageProfile()
  private(set) var offsets: ZoneOffsets
  private(set) var latest: [BillingMonth: Snapshot] = [:]
  private var nextID: Int64 = 1

  init(_ zone: TimeZone = .gmt) {
    self.zone = zone
    offsets = ZoneOffsets(zone)
  }

  /// Reads a month: the one that the moment falls into, or a past one by name.
  mutating func read(_ pages: Int64, _ conversions: Int64 = 0, at time: Date, month: BillingMonth? = nil) {
    guard let month = month ?? BillingMonth(containing: time, in: zone) else { return }
    let counters = Counters(pages: pages, conversions: conversions)
    let before = latest[month]
    let isChange = before?.counters != counters
    if isChange { nextID += 1 }
    let after = Snapshot(
      id: isChange ? nextID : before?.id ?? 0, organization: OrganizationID("acme"), month: month, counters: counters,
      firstSeenAt: isChange ? time : before?.firstSeenAt ?? time, lastSeenAt: time)
    profile.record(before: before, after: after, observedAt: time, period: month.period(in: zone), zone: &offsets)
    latest[month] = after
  }

  /// Reads every so often over a time, with a counter that a function of the time gives.
  mutating func watch(_ times: Range<Date>, every step: TimeSpan, _ pages: (Date) -> Int64) {
    var time = times.lowerBound
    while time < times.upperBound {
      read(pages(time), at: time)
      time = time + step
    }
  }

  /// The pages of the last days, the oldest first.
  var dailyPages: [Int64] { profile.days.pages }
  var hourlyPages: [Int64] { profile.hours.pages }
}
