import QuotaCore
import Testing

@Suite("Numbers for people")
struct GroupingTests {
  @Test(
    "Digits come in groups of three",
    arguments: zip(
      [0, 999, 1_000, -12_345, Int64.min], ["0", "999", "1,000", "−12,345", "−9,223,372,036,854,775,808"]))
  func whole(number: Int64, text: String) {
    #expect(number.grouped == text)
  }

  @Test(
    "Decimals are kept, and filled up",
    arguments: zip(["0", "-1234567.5", "999.999"], ["0.00", "−1,234,567.50", "999.999"]))
  func decimals(number: String, text: String) throws {
    #expect(try #require(ExactDecimal(number)).grouped(minimumDecimals: 2) == text)
  }
}
