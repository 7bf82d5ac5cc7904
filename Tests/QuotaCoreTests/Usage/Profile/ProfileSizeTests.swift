import FoundationEssentials
import Glibc
import TestSupport
import Testing

@testable import QuotaCore

@Suite("What is kept of an hour and of a day")
struct ProfileSizeTests {
  /// How the use of hours scatters.
  enum Scatter: CaseIterable {
    case even
    case byHalf
    case byChance
    case rhythm
    /// Weekends have a fifth.
    case weekly
    /// Differs by factors of up to a thousand.
    case byThousand
    /// Used or not.
    case tossed
    /// Used or not, and if so, by chance.
    case tossedByChance
    /// Used or not, and if so, by factors of up to a thousand.
    case tossedByThousand

    func amount(_ perHour: Double, _ hour: Int, _ random: inout SeededGenerator) -> Int64 {
      func number(_ range: ClosedRange<Double>) -> Double { Double.random(in: range, using: &random) }
      let factor: Double? =
        switch self {
        case .even: 1
        case .byHalf: number(0.5...1.5)
        case .byChance: number(0...2)
        case .rhythm: hour % 24 < 8 ? 0.2 : hour % 168 < 120 ? 1.5 : 0.7
        case .weekly: number(0...2) * (hour % 168 < 120 ? 1 : 0.2)
        case .byThousand: exp2(number(-5...5))
        case .tossed: Bool.random(using: &random) ? 1 : nil
        case .tossedByThousand: Bool.random(using: &random) ? exp2(number(-5...5)) : nil
        case .tossedByChance: Bool.random(using: &random) ? number(0...2) : nil
        }
      return factor.map { 1 + Int64(perHour * $0) } ?? 0
    }
  }

  /// Both metrics are used by figures of their own. What an hour's reading finds is also of the first seconds of the next.
  private func world(
    _ scatter: Scatter, perHour: Double, days: Int, seed: UInt64 = 1, at second: Int64 = 0
  ) -> ProfileWorld {
    var (world, random) = (ProfileWorld(), SeededGenerator(seed: seed))
    var (pages, conversions, month) = (Int64(0), Int64(0), BillingMonth?.none)
    for hour in 0..<days * 24 {
      let time = moment("2026-11-26T14:00") + .hours(Int64(hour - days * 24)) + .seconds(second)
      let current = BillingMonth(containing: time, in: .gmt)
      if current != month { (pages, conversions, month) = (0, 0, current) }
      pages += scatter.amount(perHour, hour, &random)
      conversions += scatter.amount(perHour / 2, hour, &random)
      world.read(pages, conversions, at: time)
    }
    return world
  }

  @Test(
    "takes less than 600 bytes, however much is used in all hours of every day", arguments: Scatter.allCases,
    [10, 100, 10_000, 1_000_000])
  func size(scatter: Scatter, perHour: Double) {
    let profile = world(scatter, perHour: perHour, days: 160, at: 7).profile
    // Nothing makes chance shorter than it is.
    #expect(profile.bytes.count < (scatter == .tossedByThousand && perHour > 1_000 ? 650 : 600))
  }

  @Test(
    "takes a little more where hours are a matter of chance and readings fall into their midst",
    arguments: [(Scatter.byThousand, 600), (.tossed, 600), (.tossedByChance, 650), (.tossedByThousand, 710)])
  func sizeWithinHours(scatter: Scatter, limit: Int) {
    #expect(world(scatter, perHour: 1_000_000, days: 160, at: 3_000).profile.bytes.count < limit)
  }

  @Test("takes less than 600 bytes after thirteen months", arguments: [25, 250, 2_500])
  func thirteenMonths(perHour: Double) {
    #expect(world(.weekly, perHour: perHour, days: 392, seed: 3, at: 7).profile.bytes.count < 600)
  }

  @Test("is the same after it was stored", arguments: Scatter.allCases, [10, 1_000_000])
  func stored(scatter: Scatter, perHour: Double) {
    let profile = world(scatter, perHour: perHour, days: 60, at: 7).profile
    #expect(UsageProfile(bytes: profile.bytes) == profile)
    #expect(UsageProfile(bytes: profile.bytes)?.bytes == profile.bytes)
  }

  @Test("adds up to what was used, to within a step of an hour", arguments: Scatter.allCases, 1...5)
  func sums(scatter: Scatter, seed: UInt64) throws {
    let world = world(scatter, perHour: 50_000, days: 12, seed: seed)
    let exact = exactHours(scatter, perHour: 50_000, days: 12, seed: seed)
    for length in [1, 2, 24, 100, 168] {
      let end = try #require(world.profile.lastObservedAt)
      let used = try #require(world.profile.used(.pages, since: end - .hours(Int64(length))))
      let truth = exact.suffix(length).reduce(0, +)
      #expect(
        abs(used - truth) <= AmountPrecision.hour.step(at: exact.suffix(168).max() ?? 0), "\(scatter), \(length) h")
    }
  }

  @Test("has use in the hours that had some, and in no others", arguments: Scatter.allCases)
  func activity(scatter: Scatter) {
    let hours = world(scatter, perHour: 3, days: 12).profile.hours.pages
    #expect(
      hours.dropLast().map { $0 > 0 } == exactHours(scatter, perHour: 3, days: 12, seed: 1).suffix(192).map { $0 > 0 })
  }

  /// What was used from each reading to the next.
  private func exactHours(_ scatter: Scatter, perHour: Double, days: Int, seed: UInt64) -> [Int64] {
    var random = SeededGenerator(seed: seed)
    return (0..<days * 24).map { hour in
      let pages = scatter.amount(perHour, hour, &random)
      _ = scatter.amount(perHour / 2, hour, &random)
      return pages
    }
  }
}
