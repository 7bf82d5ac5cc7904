import FoundationEssentials
import TestSupport
import Testing

@testable import QuotaCore

@Suite("A spend rule")
struct SpendRuleTests {
  /// A world in which a page costs 0.01 and a month 10.00 besides.
  private func world(
    _ settings: String, _ models: [Charge.Model]? = nil, currency: String = "EUR", tax: String? = nil
  ) throws -> RuleWorld {
    var world = try RuleWorld("spend", settings)
    let usual: [Charge.Model] = [
      .flat(amount: try decimal("10.00")), .unit(.pages, unitPrice: try decimal("0.01")),
      .unit(.conversions, unitPrice: try decimal("0.5")),
    ]
    world.plan = try PricePlan.example(models ?? usual, currency: currency, tax: tax)
    return world
  }

  @Test(
    "fires when what was used costs the amount, before tax, to the cent",
    arguments: [(1_499, 50, nil), (1_500, 50, true), (4_000, 0, true), (3_999, 0, nil)] as [(Int64, Int64, Bool?)])
  func used(pages: Int64, conversions: Int64, holds: Bool?) throws {
    var world = try world(#""amount": "50.00""#, tax: "19")
    world.read(pages, conversions, at: moment("2026-11-02T00:00"))
    #expect(world.holds == holds)
  }

  @Test("takes discounts off, stays below a maximum, and takes out a tax that the prices contain")
  func reduced() throws {
    let unit = try Charge.Model.unit(.pages, unitPrice: decimal("0.01"))
    let plans: [(plan: PricePlan, pages: Int64, holds: Bool?)] = [
      (try .example([unit], discounts: ["50 %"]), 9_999, nil),
      (try .example([unit], discounts: ["50 %"]), 10_000, true),
      (try .example([unit], maximum: "49.99"), 1_000_000, nil), (try .example([unit], minimum: "50"), 0, true),
      (try .example([unit], tax: "19", includesTax: true), 5_949, nil),
      (try .example([unit], tax: "19", includesTax: true), 5_950, true),
    ]
    for (plan, pages, holds) in plans {
      var world = try world(#""amount": "50.00""#)
      world.plan = plan
      world.read(pages, at: moment("2026-11-02T00:00"))
      #expect(world.holds == holds)
    }
  }

  @Test("says the amount, and when it was reached")
  func evidence() throws {
    var world = try world(#""amount": "50""#)
    world.read(1_000, 9, at: moment("2026-11-02T00:00"))
    world.read(4_100, 9, at: moment("2026-11-02T01:00"))
    let verdict = try #require(world.verdicts.first)
    #expect(world.verdicts.count == 1)
    #expect(verdict.key.description == "r/acme/2026-11")
    #expect(verdict.evidence.amount == "55.50")
    #expect(verdict.evidence.currency == "EUR")
    #expect(verdict.evidence.limit == "50.00")
    #expect(verdict.evidence.observedAfter == moment("2026-11-02T00:00"))
    #expect(verdict.evidence.observedAt == moment("2026-11-02T01:00"))
    #expect(verdict.evidence.periodEnd == moment("2026-12-01T00:00"))
    #expect(verdict.evidence.snapshotIDs.count == 2)
    #expect(verdict.reason == "4,100 pages and 9 conversions in 2026-11 cost 55.50 EUR: at or above 50.00 EUR")
    world.tell()
    world.read(4_200, 9, at: moment("2026-11-02T02:00"))
    #expect(world.holds == true)
    #expect(world.verdicts[0].evidence.observedAfter == nil)
  }

  @Test("says in its first line what it costs, or is expected to, and the limit")
  func headline() {
    func sentence(_ transition: Event.Transition = .firing, probability: Int64? = nil) -> String {
      var event = Event.sample(
        of: .spend, RuleID("r"), severity: .warning, transition: transition, now: moment("2026-11-20T00:00"))
      event.evidence.probability = probability
      return EventHeadline(event).sentence.text(in: .gmt)
    }
    #expect(
      sentence() == "Example Organization costs 512.40 EUR in 2026-11, which is at or above the limit of 500.00 EUR")
    #expect(
      sentence(probability: 93)
        == "Example Organization is expected to cost 512.40 EUR in 2026-11; the limit is 500.00 EUR")
    #expect(
      sentence(.resolved)
        == "The cost of Example Organization for 2026-11 is below the limit of 500.00 EUR again (512.40 EUR)")
  }

  @Test("resolves when a correction or a lower price brings the month below the amount")
  func resolves() throws {
    var world = try world(#""amount": "50""#)
    world.read(4_000, at: moment("2026-11-02T00:00"))
    world.tell()
    world.read(3_999, at: moment("2026-11-02T01:00"))
    #expect(world.holds == false)
    #expect(world.verdicts[0].reason == "3,999 pages and 0 conversions in 2026-11 cost 49.99 EUR: below 50.00 EUR")
    world.plan = try PricePlan.example([.volume(.pages, try tiers("4000: 0.02, 0.01"))])
    world.read(4_000, at: moment("2026-11-02T02:00"))
    #expect(world.holds == true)
    world.tell()
    world.read(4_001, at: moment("2026-11-02T03:00"))
    #expect(world.holds == false)
  }

  @Test("judges late results of the past month, each month for itself")
  func lateResults() throws {
    var world = try world(#""amount": "50""#)
    world.read(0, at: moment("2026-12-01T10:00"), past: [("2026-11", 4_000)])
    #expect(world.verdicts.map(\.key.month) == [billingMonth("2026-11")])
    #expect(world.holds == true)
  }

  @Test(
    "compares in the plan's currency, and has no opinion on another one",
    arguments: [("", "JPY", true), (#", "currency": "JPY""#, "JPY", true), (#", "currency": "EUR""#, "JPY", nil)]
      as [(String, String, Bool?)])
  func currencies(settings: String, currency: String, holds: Bool?) throws {
    for basis in ["used", "projected"] {
      var world = try world(#""amount": "50", "basis": "\#(basis)""# + settings, currency: currency)
      world.read(9_000, at: moment("2026-11-20T00:00"))
      #expect(world.holds == holds)
      #expect(holds == nil || world.verdicts[0].evidence.amount == "100")
    }
  }

  @Test("has no opinion without a plan, without prices, before they count, and without a reading")
  func nothing() throws {
    var world = try world(#""amount": "50""#)
    world.judge([], at: moment("2026-11-20T00:00"))
    #expect(world.holds == nil)
    let prices = try #require(world.plan?.versions.first?.prices)
    let later = CalendarDay(startOf: billingMonth("2026-12"))
    for plan in [
      nil, PricePlan(name: "p", versions: [.init()]),
      PricePlan(name: "p", versions: [.init(validFrom: later, prices: prices)]),
    ] {
      world.plan = plan
      world.read(9_000, at: moment("2026-11-20T00:00"))
      #expect(world.holds == nil)
    }
  }

  @Test(
    "judges what the month is expected to cost",
    // Ten of November's thirty days: three times the pages, but the flat charge once.
    arguments: [(1_334, nil), (1_600, true)] as [(Int64, Bool?)])
  func projected(pages: Int64, holds: Bool?) throws {
    var world = try world(#""amount": "50", "basis": "projected""#)
    world.read(0, at: moment("2026-11-01T00:00"))
    world.read(pages, at: moment("2026-11-11T00:00"))
    #expect(world.holds == holds)
    guard holds == true else { return }
    let (evidence, reason) = (world.verdicts[0].evidence, world.verdicts[0].reason)
    #expect(evidence.amount == "58.00")
    #expect(try #require(evidence.probability) > 90)
    #expect(evidence.projections?.map(\.projected) == [4_800, 0])
    #expect(reason.hasPrefix("2026-11 will almost certainly cost 50.00 EUR or more (99"))
    #expect(reason.contains("% to reach it): 26.00 EUR so far, expected are 58.00 EUR, 5"))
    #expect(evidence.observedAfter == nil)
  }

  @Test("is as sure of the cost as it is told to be", arguments: [(50, true), (80, true), (99, nil)] as [(Int, Bool?)])
  func confidence(percent: Int, holds: Bool?) throws {
    var world = try world(#""amount": "50", "basis": "projected", "confidence": \#(percent)"#)
    world.read(0, at: moment("2026-11-01T00:00"))
    world.read(1_500, at: moment("2026-11-11T00:00"))
    #expect(world.holds == holds)
  }

  @Test("expects nothing before enough of the month is over, unless it costs as much already")
  func minElapsed() throws {
    var world = try world(#""amount": "50", "basis": "projected", "min_elapsed": "2d""#)
    world.read(0, at: moment("2026-11-01T00:00"))
    world.read(3_999, at: moment("2026-11-02T23:00"))
    #expect(world.holds == nil)
    world.read(4_000, at: moment("2026-11-02T23:30"))
    #expect(world.holds == true)
    #expect(
      world.verdicts[0].reason == "4,000 pages and 0 conversions in 2026-11 cost 50.00 EUR: at or above 50.00 EUR")
    world.read(3_999, at: moment("2026-11-03T00:00"))
    #expect(world.holds == true)
    #expect(world.verdicts[0].reason.contains("will almost certainly cost 50.00 EUR or more"))
  }

  @Test(
    "resolves when it has become improbable, and not for a hair's breadth",
    arguments: [(1_500, true), (1_334, true), (1_300, true), (1_200, false)] as [(Int64, Bool)])
  func damped(pages: Int64, holds: Bool) throws {
    var world = try world(#""amount": "50", "basis": "projected""#)
    let plan = world.plan
    // It fires while the month has a higher flat charge.
    world.plan = try PricePlan.example([
      .flat(amount: try decimal("30.00")), .unit(.pages, unitPrice: try decimal("0.01")),
    ])
    world.read(0, at: moment("2026-11-01T00:00"))
    world.read(pages, at: moment("2026-11-11T00:00"))
    world.tell()
    #expect(world.alerts.map(\.status) == [.firing])
    world.plan = plan
    world.read(pages, at: moment("2026-11-11T00:15"))
    #expect(world.holds == holds)
  }

  @Test("holds for two readings if it looks ahead, unless the rule says otherwise")
  func usualHold() throws {
    #expect(try RuleWorld("spend", #""amount": "5""#).kind.usualHoldFor == .readings(1))
    #expect(try RuleWorld("spend", #""amount": "5", "basis": "projected""#).kind.usualHoldFor == .readings(2))
  }

  @Test(
    "is refused with settings that mean nothing",
    arguments: [
      "", #""amount": 5"#, #""amount": "0""#, #""amount": "0.00""#, #""amount": "-5""#, #""amount": "5,00""#,
      #""amount": "5", "currency": "EURO""#, #""amount": "5", "basis": "forecast""#,
      #""amount": "5", "min_elapsed": "3d""#, #""amount": "5", "confidence": 80"#,
      #""amount": "5", "basis": "projected", "confidence": 49"#,
      #""amount": "5", "basis": "projected", "min_elapsed": "30m""#,
      #""amount": "5", "metric": "pages""#,
    ])
  func refused(settings: String) {
    #expect(throws: RuleWorld.Refused.self) { try RuleWorld("spend", settings) }
  }
}
