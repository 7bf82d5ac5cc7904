import FoundationEssentials
import QuotaCore
import TestSupport
import Testing

@Suite("Doubt about the vendor's figures")
struct BreakerTests {
  private let now = moment("2026-11-20T12:00")

  private func month(_ organization: Int, before: Int64?, after: Int64, hours: Int64 = 1) -> [ObservedMonth] {
    let id = OrganizationID("org-\(organization)")
    let november = billingMonth("2026-11")
    func snapshot(_ pages: Int64, at time: Date) -> Snapshot {
      Snapshot(
        id: 1, organization: id, month: november, counters: Counters(pages: pages, conversions: 0), firstSeenAt: time,
        lastSeenAt: time)
    }
    return [
      ObservedMonth(
        snapshot: snapshot(after, at: now), before: before.map { snapshot($0, at: now - .hours(hours)) },
        quota: Quota(), period: november.period(in: .gmt))
    ]
  }

  private func tally(
    _ moves: [(before: Int64?, after: Int64)], _ settings: Breaker = Breaker(), open: BreakerTrip? = nil
  ) -> BreakerTally {
    var tally = BreakerTally(settings, open: open)
    for (index, move) in moves.enumerated() { tally.add(month(index, before: move.before, after: move.after)) }
    return tally
  }

  private func isTripped(_ tally: BreakerTally) -> Bool {
    if case .tripped = tally.outcome(run: 7, now: now) { true } else { false }
  }

  @Test(
    "trips when more than a fifth, and at least five, move beyond reason",
    arguments: [(5, 24, true), (5, 25, false), (6, 25, true), (4, 4, false), (5, 5, true)])
  func share(suspects: Int, of all: Int, trips: Bool) {
    let moves: [(before: Int64?, after: Int64)] = (0..<all).map { $0 < suspects ? (1_000, 10_000) : (1_000, 1_010) }
    #expect(isTripped(tally(moves)) == trips)
  }

  @Test(
    "a counter is beyond reason at eight times its pace, or below half",
    arguments: [
      (1_000, 10_000, true), (1_000, 7_900, false), (1_000, 0, true), (1_000, 499, true), (1_000, 500, false),
      (10, 100, false), (19, 0, false), (20, 0, true),
    ] as [(Int64, Int64, Bool)])
  func moves(before: Int64, after: Int64, isSuspect: Bool) {
    #expect(isTripped(tally((0..<10).map { _ in (before, after) })) == isSuspect)
  }

  @Test("a first reading is no move")
  func firstReading() {
    #expect(!isTripped(tally((0..<10).map { _ in (nil, 10_000) })))
  }

  @Test("growth over a long gap is in reason")
  func gap() {
    var tally = BreakerTally(Breaker(), open: nil)
    // Nobody has looked for the nineteen days since the first half day of the month.
    for index in 0..<10 { tally.add(month(index, before: 100, after: 3_000, hours: 19 * 24)) }
    #expect(!isTripped(tally))
  }

  @Test("it can be switched off")
  func disabled() {
    var settings = Breaker()
    settings.isEnabled = false
    #expect(!isTripped(tally((0..<10).map { _ in (1_000, 0) }, settings)))
  }

  private func trip(_ count: Int = 10) throws -> BreakerTrip {
    guard case .tripped(let trip) = tally((0..<count).map { _ in (1_000, 10_000) }).outcome(run: 7, now: now) else {
      throw Unexpected()
    }
    return trip
  }

  private struct Unexpected: Error {}

  @Test("figures that come back deny it, and do not trip it again")
  func denied() throws {
    let outcome = tally((0..<10).map { _ in (10_000, 1_005) }, open: try trip()).outcome(run: 8, now: now)
    guard case .denied = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(outcome.event(now: now)?.id.rawValue == "breaker/run-7/resolved/1")
  }

  @Test("figures that stand confirm it")
  func confirmed() throws {
    let outcome = tally((0..<10).map { _ in (10_000, 10_010) }, open: try trip()).outcome(run: 8, now: now)
    guard case .confirmed = outcome else {
      Issue.record("\(outcome)")
      return
    }
  }

  @Test("with less than half of the suspects read it stays open, for a day at the most")
  func undecided() throws {
    let tally = tally((0..<4).map { _ in (10_000, 1_005) }, open: try trip())
    guard case .undecided = tally.outcome(run: 8, now: now + .hours(23)) else {
      Issue.record("decided too early")
      return
    }
    guard case .confirmed = tally.outcome(run: 9, now: now + .hours(24)) else {
      Issue.record("held back for too long")
      return
    }
  }

  @Test("once decided, the suspects that were not read are in doubt until they are, for a day at the most")
  func unread() throws {
    let trip = try trip()
    var tally = tally((0..<6).map { _ in (10_000, 1_005) }, open: trip)
    let rest = try #require(tally.rest(of: trip, isConfirmed: false, now: now + .hours(1)))
    #expect(rest.organizations == Set((6..<10).map { OrganizationID("org-\($0)") }))
    #expect(rest.isConfirmed == false)
    #expect(tally.takenBack.count == 6)
    #expect(tally.rest(of: trip, isConfirmed: false, now: now + .hours(24)) == nil)

    tally = BreakerTally(Breaker(), open: rest)
    tally.add(month(6, before: 10_000, after: 1_005))
    guard case .settling = tally.outcome(run: 9, now: now + .hours(2)) else {
      Issue.record("told again")
      return
    }
    #expect(tally.outcome(run: 9, now: now + .hours(2)).event(now: now) == nil)
    #expect(tally.rest(of: rest, isConfirmed: false, now: now + .hours(2))?.suspects.count == 3)
  }

  @Test("suspects that come back late are no new doubt, and a new one takes over those that are left")
  func again() throws {
    let trip = try trip()
    let first = tally((0..<5).map { _ in (10_000, 1_005) }, open: trip)
    let rest = try #require(first.rest(of: trip, isConfirmed: false, now: now))
    var late = BreakerTally(Breaker(), open: rest)
    for index in 5..<10 { late.add(month(index, before: 10_000, after: 1_005)) }
    guard case .settling = late.outcome(run: 9, now: now) else {
      Issue.record("tripped by what came back")
      return
    }
    guard case .tripped(let second) = tally((0..<5).map { _ in (1_005, 0) }, open: rest).outcome(run: 9, now: now)
    else {
      Issue.record("not tripped")
      return
    }
    #expect(second.isConfirmed == nil)
    #expect(second.organizations.count == 10)
  }

  @Test("says once how many organizations moved, and how")
  func words() throws {
    let event = try #require(tally((0..<10).map { _ in (1_000, 0) }).outcome(run: 7, now: now).event(now: now))
    #expect(event.id.rawValue == "breaker/run-7/firing/1")
    #expect(event.severity == .critical)
    #expect(event.reason.hasPrefix("10 of 10 organizations dropped beyond reason at once"))
    #expect(event.organization == nil)
  }
}
