import FoundationEssentials
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

    func factor(_ hour: Int, _ random: inout SeededGenerator) -> Double {
      switch self {
      case .even: 1
      case .byHalf: Double.random(in: 0.5...1.5, using: &random)
      case .byChance: Double.random(in: 0...2, using: &random)
      case .rhythm: hour % 24 < 8 ? 0.2 : hour % 168 < 120 ? 1.5 : 0.7
      }
    }
  }

  /// Four months in which both metrics are used in every hour, by figures of their own.
  private func world(_ scatter: Scatter, perHour: Double, seed: UInt64 = 1) -> ProfileWorld {
    var (world, random) = (ProfileWorld(), SeededGenerator(seed: seed))
    var (pages, conversions, month) = (Int64(0), Int64(0), BillingMonth?.none)
    for hour in 0..<120 * 24 {
      let time = moment("2026-07-20T00:00") + .hours(Int64(hour))
      let current = BillingMonth(containing: time, in: .gmt)
      if current != month { (pages, conversions, month) = (0, 0, current) }
      pages += 1 + Int64(perHour * scatter.factor(hour, &random))
      conversions += 1 + Int64(perHour / 2 * scatter.factor(hour, &random))
      world.read(pages, conversions, at: time)
    }
    return world
  }

  @Test(
    "takes less than 600 bytes, however much is used in all hours of every day", arguments: Scatter.allCases,
    [10, 100, 10_000, 1_000_000])
  func size(scatter: Scatter, perHour: Double) {
    for seed in 1...3 as ClosedRange<UInt64> {
      #expect(world(scatter, perHour: perHour, seed: seed).profile.bytes.count < 600)
    }
  }

  @Test("is the same after it was stored", arguments: Scatter.allCases, [10, 1_000_000])
  func stored(scatter: Scatter, perHour: Double) {
    let profile = world(scatter, perHour: perHour).profile
    #expect(UsageProfile(bytes: profile.bytes) == profile)
  }

  @Test("adds up to what was used, to within a step of an hour", arguments: Scatter.allCases, 1...5)
  func sums(scatter: Scatter, seed: UInt64) throws {
    let world = world(scatter, perHour: 50_000, seed: seed)
    let exact = exactHours(scatter, perHour: 50_000, seed: seed)
    for length in [1, 2, 24, 100, 168] {
      let end = try #require(world.profile.lastObservedAt)
      let used = try #require(world.profile.used(.pages, since: end - .hours(Int64(length))))
      let truth = exact.suffix(length).reduce(0, +)
      #expect(abs(used - truth) <= AmountPrecision.hour.step(at: 100_000), "\(scatter), \(length) h")
    }
  }

  /// What was used from each reading to the next.
  private func exactHours(_ scatter: Scatter, perHour: Double, seed: UInt64) -> [Int64] {
    var random = SeededGenerator(seed: seed)
    return (0..<120 * 24).map { hour in
      let pages = 1 + Int64(perHour * scatter.factor(hour, &random))
      _ = scatter.factor(hour, &random)
      return pages
    }
  }
}
