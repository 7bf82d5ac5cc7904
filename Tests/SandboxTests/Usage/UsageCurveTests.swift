import Foundation
import QuotaCore
import Sandbox
import Testing

struct `A usage curve` {
  private let curve = UsageCurve(seed: 42, pagesPerMonth: 10_000, bursts: [UsageCurve.Burst(day: 9, pages: 5_000)])

  private func total(_ curve: UsageCurve, _ text: String) throws -> Counters {
    curve.counters(at: .distantFuture, in: MonthShape(try month(text), in: .gmt))
  }

  @Test func `gives the same figures everywhere`() throws {
    let plain = UsageCurve(seed: 7, pagesPerMonth: 10_000)
    let shape = MonthShape(try month("2026-11"), in: .gmt)
    let noon = try time("2026-11-17T12:00:00Z")
    // Computed by another program from the same definition.
    #expect(plain.counters(at: noon, in: shape) == Counters(pages: 6_629, conversions: 1_088))
    #expect(try total(plain, "2026-11") == Counters(pages: 11_220, conversions: 1_889))
  }

  @Test(arguments: ["2026-11", "2026-02", "2028-02", "2026-03", "2026-10"])
  func `never falls within a month, and begins at zero`(text: String) throws {
    // A zone with both changes of the clocks.
    let zone = try #require(TimeZone(identifier: "Europe/Berlin"))
    let shape = MonthShape(try month(text), in: zone)
    #expect(curve.counters(at: shape.period.lowerBound, in: shape) == .zero)
    #expect(curve.counters(at: .distantPast, in: shape) == .zero)
    var last = Counters.zero
    var moment = shape.period.lowerBound
    while moment <= shape.period.upperBound {
      let counters = curve.counters(at: moment, in: shape)
      #expect(counters.pages >= last.pages && counters.conversions >= last.conversions)
      last = counters
      moment = moment + .minutes(20)
    }
    #expect(last == curve.counters(at: .distantFuture, in: shape))
    #expect(last.pages > 5_000)
  }

  @Test func `differs between months and between seeds`() throws {
    let other = UsageCurve(seed: 43, pagesPerMonth: 10_000, bursts: curve.bursts)
    #expect(try total(curve, "2026-11") != total(curve, "2026-12"))
    #expect(try total(curve, "2026-11") != total(other, "2026-11"))
  }

  @Test func `is near its size, with most of it on working days`() throws {
    let shape = MonthShape(try month("2026-11"), in: .gmt)
    let steady = UsageCurve(seed: 3, pagesPerMonth: 30_000, weekendShare: 0.1, burstProbability: 0)
    #expect((24_000...36_000).contains(try total(steady, "2026-11").pages))
    var byKind = [true: [Int64](), false: [Int64]()]
    for day in 1...shape.dayCount {
      let start = shape.period.lowerBound + .days(Int64(day))
      let pages =
        steady.counters(at: start, in: shape).pages - steady.counters(at: start - .days(1), in: shape).pages
      byKind[shape.isWeekend(day: day)]?.append(pages)
    }
    let busiestWeekend = try #require(byKind[true]?.max())
    let quietestWorkday = try #require(byKind[false]?.min())
    #expect(busiestWeekend < quietestWorkday)
  }

  @Test func `has its bursts on their days`() throws {
    let shape = MonthShape(try month("2026-11"), in: .gmt)
    let before = curve.counters(at: try time("2026-11-09T00:00:00Z"), in: shape)
    let after = curve.counters(at: try time("2026-11-10T00:00:00Z"), in: shape)
    #expect(after.pages - before.pages >= 5_000)
  }

  @Test func `takes values out of range as the nearest in it`() throws {
    let wild = UsageCurve(
      seed: 1, pagesPerMonth: .max, pagesPerConversion: 0, weekendShare: -1, burstProbability: 9,
      bursts: [UsageCurve.Burst(day: 40, pages: .max), UsageCurve.Burst(day: 1, pages: .max)])
    #expect(try total(wild, "2026-11").pages > UsageCurve.largestMonth)
    #expect(try total(UsageCurve(seed: 1, pagesPerMonth: -5), "2026-11") == .zero)
  }
}

struct `The shape of a month` {
  @Test func `agrees with the calendar on all months`() throws {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    for ordinal in (2020 * 12)..<(2101 * 12) {
      let month = try #require(BillingMonth(year: ordinal / 12, month: ordinal % 12 + 1))
      let shape = MonthShape(month, in: .gmt)
      // The calendar counts from Sunday as 1.
      let weekday = (calendar.component(.weekday, from: shape.period.lowerBound) + 5) % 7
      let days = calendar.range(of: .day, in: .month, for: shape.period.lowerBound)?.count
      try #require(shape.firstWeekday == weekday && shape.dayCount == days, "\(month)")
    }
  }
}

struct `Organizations in bulk` {
  @Test func `have a key and a curve of their own`() {
    let organizations = SimulatedOrganization.bulk(10_000)
    #expect(organizations.first?.keys == ["bench-key-00001"])
    #expect(organizations.last?.id == OrganizationID("bench-10000"))
    #expect(Set(organizations.flatMap(\.keys)).count == 10_000)
    #expect(Set(organizations.compactMap(\.curve)).count == 10_000)
  }
}
