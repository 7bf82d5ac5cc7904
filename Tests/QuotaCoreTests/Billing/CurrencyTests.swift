import Foundation
import QuotaCore
import Testing

@Suite("Currencies")
struct CurrencyTests {
  @Test(
    "have the minor unit of ISO 4217",
    arguments: [
      ("EUR", 2), ("USD", 2), ("JPY", 0), ("KRW", 0), ("CLP", 0), ("ISK", 0), ("UYI", 0), ("KWD", 3), ("BHD", 3),
      ("IQD", 3), ("TND", 3), ("CLF", 4), ("UYW", 4), ("HUF", 2), ("MGA", 2), ("MRU", 2), ("ZWG", 2), ("XCG", 2),
    ])
  func minorUnits(code: String, decimals: Int) {
    #expect(Currency(code)?.minorUnit == decimals)
  }

  @Test(
    "are nothing else",
    arguments: ["", "eur", "Eur", "EURO", "DEM", "XXX", "XTS", "XAU", "XDR", "€", " EUR", "EUR "])
  func refused(code: String) {
    #expect(Currency(code) == nil)
  }

  @Test("are complete: 165 in use with a minor unit, and six that were withdrawn since 2020")
  func complete() {
    #expect(Currency.codes.count == 171)
    for code in Currency.codes { #expect(code.utf8.count == 3 && code.uppercased() == code) }
  }

  @Test(
    "round to their minor unit and show all of its decimals",
    arguments: [
      ("EUR", "1.005", "1.01 EUR"), ("JPY", "1234.5", "1,235 JPY"), ("KWD", "0.0005", "0.001 KWD"),
      ("KWD", "7", "7.000 KWD"), ("EUR", "-0.005", "−0.01 EUR"), ("EUR", "-0.004", "0.00 EUR"),
    ])
  func amounts(code: String, amount: String, text: String) throws {
    let (currency, amount) = try (#require(Currency(code)), #require(ExactDecimal(amount)))
    #expect(Money(currency.rounded(amount), currency).description == text)
  }

  @Test("are their code in JSON")
  func json() throws {
    let text = try JSONEncoder().encode([try #require(Currency("EUR"))])
    #expect(String(decoding: text, as: UTF8.self) == #"["EUR"]"#)
    #expect(try JSONDecoder().decode([Currency].self, from: text).map(\.code) == ["EUR"])
    #expect(throws: DecodingError.self) { try JSONDecoder().decode([Currency].self, from: Data(#"["eur"]"#.utf8)) }
  }
}
