import QuotaCore
import Testing

@Suite("A tolerance")
struct ToleranceTests {
  @Test("of an amount is one minor unit by default", arguments: [("EUR", "0.01"), ("JPY", "1"), ("KWD", "0.001")])
  func minorUnit(currency: String, limit: String) throws {
    let currency = try #require(Currency(currency))
    #expect(try Tolerance().limit(ofAmount: decimal("1000"), in: currency, rows: 1) == decimal(limit))
  }

  @Test("of a quantity is nothing by default")
  func quantity() throws {
    #expect(try Tolerance().limit(ofQuantity: decimal("1000")) == .zero)
    #expect(try Tolerance(percent: decimal("0.5")).limit(ofQuantity: decimal("1000")) == decimal("5"))
  }

  @Test("in percent and absolute")
  func combined() throws {
    func limit(_ combination: Tolerance.Combination, of amount: String) throws -> ExactDecimal {
      try Tolerance(absolute: decimal("2"), percent: decimal("1"), combination: combination).limit(
        ofAmount: decimal(amount), in: euro(), rows: 1)
    }
    #expect(try limit(.any, of: "1000") == decimal("10"))
    #expect(try limit(.all, of: "1000") == decimal("2"))
    #expect(try limit(.any, of: "-100") == decimal("2"))
    #expect(try limit(.all, of: "-100") == decimal("1"))
    #expect(try Tolerance(percent: decimal("1")).limit(ofAmount: decimal("50"), in: euro(), rows: 1) == decimal("0.5"))
  }

  @Test(
    "by FOCUS's formula", arguments: [(1, "1"), (40_000, "1"), (160_000, "2"), (90_000, "1.5"), (90_001, "1.500005")])
  func focus(rows: Int, limit: String) throws {
    #expect(
      try Tolerance(isFocus: true).limit(ofAmount: decimal("5"), in: euro(), rows: rows) == decimal(limit))
  }
}
