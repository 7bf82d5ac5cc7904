import QuotaCore
import Testing

@Suite("Levels of a counter")
struct LevelTests {
  @Test(
    "a percentage is reached at the smallest count that is not below it",
    arguments: [
      (8_000, 10_000, 8_000), (8_000, 999, 800), (9_950, 1_000, 995), (1, 10_000, 1), (3_333, 10, 4), (10_000, 1, 1),
      (10_000_000, 1_000_000_000_000_000, 1_000_000_000_000_000_000),
    ] as [(Int64, Int64, Int64)])
  func percentages(hundredths: Int64, quota: Int64, threshold: Int64) {
    #expect(Level.percent(hundredths: hundredths).threshold(quota: quota) == threshold)
  }

  @Test("with a quota of 0 any use is over it")
  func zeroQuota() {
    #expect(Level.percent(hundredths: 5_000).threshold(quota: 0) == 1)
  }

  @Test("without a quota there is no percentage, but a count stays a count")
  func noQuota() {
    #expect(Level.percent(hundredths: 5_000).threshold(quota: nil) == nil)
    #expect(Level.count(7).threshold(quota: nil) == 7)
  }

  @Test(
    "levels are written without superfluous zeros and read back",
    arguments: [
      (.percent(hundredths: 8_000), "80%"), (.percent(hundredths: 9_950), "99.5%"),
      (.percent(hundredths: 9_905), "99.05%"),
      (.percent(hundredths: 1), "0.01%"), (.count(5_000), "5000"),
    ] as [(Level, String)])
  func texts(level: Level, text: String) {
    #expect(level.description == text)
    #expect(Level(text) == level)
  }

  @Test(
    "other texts are no levels",
    arguments: ["", "%", "0%", "0", "-1", "80.", ".5%", "80.555%", "1e2%", "100001%", "8 %", "x", "80,5%"])
  func refused(text: String) {
    #expect(Level(text) == nil)
  }
}
