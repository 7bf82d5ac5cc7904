import FoundationEssentials
import QuotaCore
import Testing

@Suite("Lengths of time")
struct TimeSpanTests {
  @Test(
    "a number and a unit are read",
    arguments: [
      ("1s", 1), ("30s", 30), ("15m", 900), ("6h", 21_600), ("2d", 172_800), ("2w", 1_209_600), ("3653d", 315_619_200),
    ]
      as [(String, Int64)])
  func read(text: String, seconds: Int64) {
    #expect(TimeSpan(text)?.seconds == seconds)
  }

  @Test(
    "anything else is refused",
    arguments: [
      "", "s", "0s", "06h", "-1h", "+1h", "1", "1 h", "1H", "1y", "1.5h", "1h30m", "3654d", "999999999d", "٣h",
      "9999999999s",
    ])
  func refused(text: String) {
    #expect(TimeSpan(text) == nil)
  }

  @Test(
    "it is written in the largest unit up to days that divides it",
    arguments: [
      (TimeSpan.seconds(90), "90s"), (.seconds(3_600), "1h"), (.hours(48), "2d"), (.minutes(61), "61m"),
      (.days(14), "14d"),
    ])
  func written(span: TimeSpan, text: String) {
    #expect(span.description == text)
    #expect(TimeSpan(text) == span)
  }

  @Test("it moves dates and is ordered")
  func arithmetic() {
    let date = Date(timeIntervalSince1970: 1_000)
    #expect(date + .minutes(1) == Date(timeIntervalSince1970: 1_060))
    #expect(date - .minutes(1) == Date(timeIntervalSince1970: 940))
    #expect(TimeSpan.seconds(59) < .minutes(1))
  }
}
