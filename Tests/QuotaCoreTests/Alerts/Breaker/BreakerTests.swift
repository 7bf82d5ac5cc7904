import FoundationEssentials
import QuotaCore
import TestSupport
import Testing

@Suite("Doubt about the vendor's figures")
struct BreakerTests {
  private let now = moment("2026-11-20T12:00")
  private let november = billingMonth("2026-11")

  private func id(_ organization: Int) -> OrganizationID { OrganizationID("org-\(organization)") }

  private func month(
    _ organization: Int, before: Int64?, after: Int64, hours: Int64 = 1, at time: Date? = nil
  ) -> ObservedMonth {
    let time = time ?? now
    func snapshot(_ pages: Int64, at time: Date) -> Snapshot {
      Snapshot(
        id: 1, organization: id(organization), month: november, counters: Counters(pages: pages, conversions: 0),
        firstSeenAt: time, lastSeenAt: time)
    }
    return ObservedMonth(
      snapshot: snapshot(after, at: time), before: before.map { snapshot($0, at: time - .hours(hours)) },
      quota: Quota(), period: november.period(in: .gmt))
  }

  /// The doubts of a run that has read these moves.
  private func doubts(_ moves: [(before: Int64?, after: Int64)]) -> [Doubt] {
    moves.enumerated().compactMap { index, move in
      let month = month(index, before: move.before, after: move.after)
      return Suspect(month, previous: nil).map { Doubt($0, month, at: now) }
    }
  }

  private func decide(
    _ doubts: [Doubt], of count: Int = 10, _ settings: Breaker = Breaker(), trip: BreakerTrip? = nil,
    only: Set<OrganizationID>? = nil, interval: TimeSpan? = .hours(1), at time: Date? = nil
  ) -> BreakerDecision {
    let all = Set((0..<count).map(id))
    return BreakerDecision(
      settings, trip: trip, doubts: doubts,
      BreakerDecision.Scope(run: 7, organizations: only ?? all, compared: only ?? all), interval: interval,
      now: time ?? now)
  }

  private func isTripped(_ decision: BreakerDecision) -> Bool {
    if case .tripped = decision.outcome { true } else { false }
  }

  @Test(
    "trips when more than a fifth, and at least five, move beyond reason",
    arguments: [(5, 24, true), (5, 25, false), (6, 25, true), (4, 4, false), (5, 5, true)])
  func share(suspects: Int, of all: Int, trips: Bool) {
    let decision = decide(doubts((0..<suspects).map { _ in (1_000, 10_000) }), of: all)
    #expect(isTripped(decision) == trips)
    #expect(decision.released.count == (trips ? 0 : suspects))
    #expect(decision.remaining.count == (trips ? suspects : 0))
  }

  @Test(
    "a counter is beyond reason at eight times its pace, or below half",
    arguments: [
      (1_000, 10_000, true), (1_000, 7_900, false), (1_000, 0, true), (1_000, 499, true), (1_000, 500, false),
      (10, 100, false), (19, 0, false), (20, 0, true),
    ] as [(Int64, Int64, Bool)])
  func moves(before: Int64, after: Int64, isSuspect: Bool) {
    #expect(isTripped(decide(doubts((0..<10).map { _ in (before, after) }))) == isSuspect)
  }

  @Test("small counters raise no doubt, and share that of the others")
  func small() {
    let decision = decide(doubts((0..<10).map { $0 < 7 ? (1_000, 0) : (12, 0) }))
    guard case .tripped(let trip) = decision.outcome else {
      Issue.record("\(decision.outcome)")
      return
    }
    #expect(trip.suspects == 7)
    #expect(decision.remaining.count == 10)
  }

  @Test("a first reading is no move unless it is far beyond what the month before lets expect")
  func firstReading() {
    #expect(!isTripped(decide(doubts((0..<10).map { _ in (nil, 10_000) }))))
    let month = ObservedMonth(
      snapshot: Snapshot(
        id: 2, organization: id(0), month: november, counters: Counters(pages: 900, conversions: 0),
        firstSeenAt: moment("2026-11-01T00:30"), lastSeenAt: moment("2026-11-01T00:30")),
      before: nil, quota: Quota(), period: november.period(in: .gmt))
    // A counter that did not start again at zero.
    #expect(Suspect(month, previous: Counters(pages: 900, conversions: 0)) != nil)
    #expect(Suspect(month, previous: Counters(pages: 9_000, conversions: 0)) == nil)
    #expect(Suspect(month, previous: nil) == nil)
  }

  @Test("growth over a long gap is in reason")
  func gap() {
    // Nobody has looked for the nineteen days since the first half day of the month.
    #expect(Suspect(month(0, before: 100, after: 3_000, hours: 19 * 24), previous: nil) == nil)
  }

  @Test("the first hours of a month are held against the month before, too")
  func firstHours() {
    func month(_ before: Int64, _ after: Int64) -> ObservedMonth {
      let (then, now) = (moment("2026-11-01T01:00"), moment("2026-11-01T02:00"))
      func snapshot(_ pages: Int64, _ time: Date) -> Snapshot {
        Snapshot(
          id: 1, organization: id(0), month: november, counters: Counters(pages: pages, conversions: 0),
          firstSeenAt: time, lastSeenAt: time)
      }
      return ObservedMonth(
        snapshot: snapshot(after, now), before: snapshot(before, then), quota: Quota(),
        period: november.period(in: .gmt))
    }
    #expect(Suspect(month(30, 300), previous: Counters(pages: 600, conversions: 0)) != nil)
    #expect(Suspect(month(30, 300), previous: Counters(pages: 6_000, conversions: 0)) == nil)
    #expect(Suspect(month(30, 300), previous: nil) == nil)
  }

  @Test("it can be switched off, and then lets go of what was in doubt")
  func disabled() {
    var settings = Breaker()
    settings.isEnabled = false
    let decision = decide(doubts((0..<10).map { _ in (1_000, 0) }), settings)
    #expect(decision.outcome == .calm)
    #expect(decision.released.count == 10)
  }

  @Test("counts what a run has found that was killed, and decides only on what was to be read")
  func killed() {
    let found = doubts((0..<6).map { _ in (1_000, 10_000) })
    // The killed run has found three of them.
    #expect(isTripped(decide(found)))
    let alone = decide(Array(found.prefix(3)), of: 3, only: [id(0)])
    #expect(alone.released.map(\.organization) == [id(0)])
    #expect(alone.remaining.count == 2)
  }

  private struct Unexpected: Error {}

  private func trip(_ count: Int = 10) throws -> (trip: BreakerTrip, doubts: [Doubt]) {
    let decision = decide(doubts((0..<count).map { _ in (1_000, 10_000) }))
    guard case .tripped(let trip) = decision.outcome else { throw Unexpected() }
    return (trip, decision.remaining)
  }

  /// The doubts after readings of some organizations.
  private func read(_ doubts: [Doubt], _ counts: [Int64?], at time: Date) -> [Doubt] {
    zip(doubts, counts).enumerated().map { index, entry in
      guard let count = entry.1 else { return entry.0 }
      return entry.0.after(
        month(index, before: entry.0.latest.counters.pages, after: count, at: time), at: time)
    }
  }

  @Test("figures that come back deny it at once")
  func denied() throws {
    let (trip, doubts) = try trip()
    let later = now + .minutes(1)
    let decision = decide(read(doubts, Array(repeating: 1_005, count: 10), at: later), trip: trip, at: later)
    #expect(decision.outcome == .denied(trip))
    #expect(decision.released.isEmpty)
    #expect(decision.remaining.isEmpty)
    #expect(decision.outcome.event(now: now, doubted: [])?.id.rawValue == "breaker/run-7/resolved/1")
  }

  @Test("as many that come back as would raise a doubt deny it, though most were not read or stand")
  func partlyDenied() throws {
    let (trip, doubts) = try trip(20)
    let later = now + .hours(1)
    let counts: [Int64?] = (0..<20).map { $0 < 5 ? 1_005 : $0 < 17 ? 10_000 : nil }
    let decision = decide(read(doubts, counts, at: later), of: 20, trip: trip, at: later)
    #expect(decision.outcome == .denied(trip))
    // What stands has to stand on.
    #expect(decision.released.isEmpty)
    #expect(decision.remaining.count == 15)
    let next = read(
      decision.remaining, Array(repeating: 10_000, count: 15), at: later + .minutes(5))
    #expect(decide(next, of: 20, at: later + .minutes(5)).released.isEmpty)
    let last = read(next, Array(repeating: 10_000, count: 15), at: later + .hours(1))
    #expect(decide(last, of: 20, at: later + .hours(1)).released.count == 15)
  }

  @Test(
    "figures that stand confirm it after the usual time between two runs, an hour at least and a day at most",
    arguments: [
      (nil, 90, false), (TimeSpan.minutes(15), 45 * 60, false), (.minutes(15), 3_600, true),
      (.hours(6), 2 * 3_600, false),
      (.hours(6), 6 * 3_600 - 30, true), (.days(3), 23 * 3_600, true),
    ] as [(TimeSpan?, Int64, Bool)])
  func confirmed(interval: TimeSpan?, seconds: Int64, isConfirmed: Bool) throws {
    let (trip, doubts) = try trip()
    let later = now + .seconds(seconds)
    let decision = decide(
      read(doubts, Array(repeating: 10_010, count: 10), at: later), trip: trip, interval: interval, at: later)
    #expect(decision.outcome == (isConfirmed ? .confirmed(trip) : .undecided))
    #expect(decision.released.count == (isConfirmed ? 10 : 0))
  }

  @Test("a counter that is back in reason is taken back, though it has grown meanwhile")
  func backInReason() throws {
    let found = doubts((0..<6).map { _ in (3, 30) })
    let later = now + .minutes(5)
    #expect(read(found, Array(repeating: 17, count: 6), at: later).allSatisfy { $0.status == .takenBack })
    #expect(read(found, Array(repeating: 25, count: 6), at: later).allSatisfy { $0.status == .found })
  }

  @Test("figures that move on beyond reason confirm nothing")
  func implausible() throws {
    let (trip, doubts) = try trip()
    let later = now + .hours(2)
    let wild = read(doubts, Array(repeating: 100_000, count: 10), at: later)
    #expect(decide(wild, trip: trip, at: later).outcome == .undecided)
    let still = read(wild, Array(repeating: 100_000, count: 10), at: later + .hours(1))
    #expect(decide(still, trip: trip, at: later + .hours(1)).outcome == .confirmed(trip))
  }

  @Test("with less than half of the suspects read it stays open, for a day at the most")
  func undecided() throws {
    let (trip, doubts) = try trip()
    let some = read(doubts, (0..<10).map { $0 < 4 ? 1_005 : nil }, at: now + .hours(1))
    #expect(decide(some, trip: trip, at: now + .hours(23)).outcome == .undecided)
    let last = decide(some, trip: trip, at: now + .hours(24))
    #expect(last.outcome == .expired(trip))
    #expect(last.released.count == 6)
  }

  @Test("found by a clock that was ahead, it goes on when that is right again, and for a day at the most from then")
  func foundAhead() throws {
    let (trip, doubts) = try trip()
    let right = now - .days(20)
    let open = decide(doubts, trip: trip, at: right)
    #expect(open.outcome == .undecided)
    #expect(decide(open.remaining, trip: trip, at: right + .hours(23)).outcome == .undecided)
    #expect(decide(open.remaining, trip: trip, at: right + .hours(24)).outcome == .expired(trip))
  }

  @Test("once decided, the suspects that were not read are in doubt until they are, for a day at the most")
  func unread() throws {
    let (trip, doubts) = try trip()
    let some = read(doubts, (0..<10).map { $0 < 6 ? 1_005 : nil }, at: now + .hours(1))
    let decision = decide(some, trip: trip, at: now + .hours(1))
    #expect(decision.outcome == .denied(trip))
    #expect(Set(decision.remaining.map(\.organization)) == Set((6..<10).map(id)))
    #expect(decide(decision.remaining, at: now + .hours(2)).released.isEmpty)
    #expect(decide(decision.remaining, at: now + .hours(24)).released.count == 4)
  }

  @Test("what is found while it is open joins it, and a later one takes over those that are left")
  func again() throws {
    let (trip, doubts) = try trip(5)
    let further = self.doubts((0..<7).map { _ in (1_000, 10_000) }).suffix(2)
    let open = decide(doubts + further, trip: trip, at: now + .minutes(10))
    #expect(open.outcome == .undecided)
    #expect(open.remaining.allSatisfy { $0.status == .held })
    guard
      case .tripped(let second) = decide(open.remaining + self.doubts((0..<12).map { _ in (1_000, 0) }).suffix(5))
        .outcome
    else {
      Issue.record("not tripped")
      return
    }
    #expect(second.suspects == 5)
  }

  @Test("says at once how many organizations moved, how, and what waits, the most urgent first")
  func words() throws {
    let decision = decide(doubts((0..<10).map { _ in (1_000, 0) }))
    let organizations = (0..<10).map { Organization(id: id($0), name: "Customer \($0)") }
    var event = Event.threshold(used: 0)
    event.organization = id(4)
    let figures = DoubtedFigure.ranked(
      zip(decision.remaining, organizations).map { ($0, $1, $1.id == id(4) ? [event] : []) })
    #expect(figures.first?.organization == id(4))
    let told = try #require(decision.outcome.event(now: now, doubted: figures))
    #expect(told.id.rawValue == "breaker/run-7/firing/1")
    #expect(told.severity == .critical)
    #expect(
      told.reason.hasPrefix(
        "10 of 10 organizations dropped beyond reason at once; 1 organization's alerts wait until later readings confirm "
          + "or deny the figures: Customer 4: 0 pages in 2026-11 reported, doubted (1,000 before)"))
    #expect(told.organization == nil)
    #expect(told.evidence.doubted?.count == 10)
    // Two figures of one organization are not two organizations.
    let twice = try #require(decision.outcome.event(now: now, doubted: figures.prefix(1) + figures))
    #expect(twice.reason.contains("; 1 organization's alerts wait until"))
  }
}
