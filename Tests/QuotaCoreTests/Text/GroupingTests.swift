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

  @Test("Counts have their singular", arguments: zip([0, 1, 1_200], ["0 rows", "1 row", "1,200 rows"]))
  func counts(number: Int, text: String) {
    #expect(number.counted("row") == text)
    #expect(number.counted(.pages) == text.replacing("row", with: "page"))
    #expect(ExactDecimal(Int64(number)).counted(.conversions) == text.replacing("row", with: "conversion"))
  }

  @Test("Amounts have six decimals at most for people, and all of them where an invoice has them")
  func decimals() throws {
    let money = Money(try #require(ExactDecimal("23.01773967741935")), try #require(Currency("EUR")))
    #expect(money.description == "23.01774 EUR")
    #expect(money.exact == "23.01773967741935 EUR")
  }

  @Test("Amounts and levels are written in the same way, and plain where programs read them")
  func amountsAndLevels() throws {
    let euros = try #require(Currency("EUR"))
    let amount = try #require(ExactDecimal("-12345.5"))
    #expect(Money(amount, euros).description == "−12,345.50 EUR")
    #expect(euros.text(amount) == "-12345.50")
    #expect(Level.count(15_000).grouped == "15,000")
    #expect(Level.count(15_000).description == "15000")
    #expect(Level.percent(hundredths: 123_450).grouped == "1,234.5%")
    #expect(Counters(pages: 12_345, conversions: 1).counted == ["12,345 pages", "1 conversion"])
  }

  @Test("The amount of a message is grouped, with the decimals of its currency")
  func evidence() {
    var evidence = Evidence()
    #expect(evidence.money == nil)
    (evidence.amount, evidence.currency) = ("1234567.80", "EUR")
    #expect(evidence.money == "1,234,567.80 EUR")
    evidence.currency = nil
    #expect(evidence.money == "1,234,567.8")
  }
}
