import FoundationEssentials
import QuotaCore
import TestSupport
import Testing

@Suite("Retry-After")
struct RetryAfterTests {
  /// RFC 9110's example date, half a minute before.
  private let now = Date(timeIntervalSince1970: 784_111_777 - 30)

  @Test(
    "is read from a header in seconds or as any of HTTP's dates",
    arguments: [
      ("30", 30), (" 7 ", 7), ("0", 1), ("99999", 3_600), ("99999999999999999999999", 3_600),
      ("Sun, 06 Nov 1994 08:49:37 GMT", 30), ("Sunday, 06-Nov-94 08:49:37 GMT", 30), ("Sun Nov  6 08:49:37 1994", 30),
      // A past date is no reason to hurry.
      ("Sun, 06 Nov 1994 08:00:00 GMT", 1), ("Sun, 06 Nov 2094 08:49:37 GMT", 3_600),
      // With two digits, a year more than 50 years ahead is past.
      ("Friday, 06-Nov-44 08:49:37 GMT", 3_600), ("Friday, 06-Nov-45 08:49:37 GMT", 1),
    ] as [(String, Int64)])
  func header(text: String, seconds: Int64) {
    #expect(RetryAfter.parse(text, now: now)?.seconds == seconds)
  }

  @Test(
    "is not read from anything else",
    arguments: [
      "", " ", "-5", "1.5", "1e3", "soon", "5 s", "0x10", "+5", "٣", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994",
      "Sun, 32 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT", "Son, 06 Nov 1994 08:49:37 GMT",
      "Sun, 06 Nov 1994 08:49:37 CET", "1994-11-06T08:49:37Z", "Sunday, 06-Nov-1994 08:49:37 GMT",
    ])
  func garbage(text: String) {
    #expect(RetryAfter.parse(text, now: now) == nil)
  }

  @Test("is not read where there is no header")
  func absent() {
    #expect(RetryAfter.parse(Optional<String>.none, now: now) == nil)
  }

  @Test("is cut to what the caller obeys")
  func longest() {
    #expect(RetryAfter.parse("99999", now: now, longest: .hours(24))?.seconds == 86_400)
    #expect(RetryAfter.parse("7200", now: now, longest: .hours(24))?.seconds == 7_200)
  }

  @Test(
    "is read from a JSON body as a number or a text with one",
    arguments: [
      ("30", 30), ("0", 1), ("1.2", 2), ("\"45\"", 45), ("\" 45 \"", 45), ("1e400", 3_600), ("1e2", 100), ("-3", nil),
      ("\"nan\"", nil), ("\"inf\"", nil), ("\"0x10\"", nil), ("\"\"", nil), ("null", nil), ("true", nil), ("[5]", nil),
    ] as [(String, Int64?)])
  func body(text: String, seconds: Int64?) throws {
    #expect(RetryAfter.parse(try JSONParser.parse(Array(text.utf8)))?.seconds == seconds)
  }
}
