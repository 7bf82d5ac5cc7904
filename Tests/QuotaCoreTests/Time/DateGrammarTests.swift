import FoundationEssentials
import QuotaCore
import TestSupport
import Testing

@Suite("The dates of a file")
struct DateGrammarTests {
  @Test(
    "ISO 8601 is read with a zone, and nothing else is",
    arguments: [
      ("2026-10-01T00:00Z", "2026-10-01T00:00:00.000Z"), ("2026-10-01T02:00:00+02", "2026-10-01T00:00:00.000Z"),
      ("2026-10-01T02:00:00+0200", "2026-10-01T00:00:00.000Z"),
      ("2026-10-01 00:00:00.25Z", "2026-10-01T00:00:00.250Z"),
      ("2026-10-01T00:00:00,5+00:00", "2026-10-01T00:00:00.500Z"), ("2026-09-31T00:00:00Z", nil),
      ("2026-10-01T24:61:00Z", nil), ("2026-10-01T24:00:00Z", nil), ("2026-10-01T00:60:00Z", nil),
      ("2026-02-29T00:00:00Z", nil), ("2026-10-01T00:00:00Z and more", nil), ("2026-10-01T00:00:00Z ", nil),
      ("2026-10-01T00:00:00", nil), ("2026-10-01T00:00:00.Z", nil), ("2026-10-01T00:00:00+25", nil),
      ("2026-10-01T00:00:00 UTC", nil), ("2026-13-01T00:00Z", nil), ("2026-10-01T00Z", nil), ("", nil),
    ] as [(String, String?)])
  func iso(text: String, date: String?) throws {
    let grammar = try #require(DateGrammar(pattern: "iso8601"))
    #expect(grammar.moment(text, in: .gmt)?.date.iso8601 == date)
  }

  @Test(
    "A pattern reads what exports have",
    arguments: [
      ("yyyy-MM-dd HH:mm:ss.S", "2026-10-01 00:00:00.123456", "2026-10-01T00:00:00.123Z"),
      ("yyyy-MM-dd HH:mm:ss.SSS", "2026-10-01 00:00:00.5", nil),
      ("yyyy-MM-dd HH:mm:ss z", "2026-10-01 02:00:00 +02", "2026-10-01T00:00:00.000Z"),
      ("yyyy-MM-dd HH:mm:ss z", "2026-10-01 02:00:00 +0200", "2026-10-01T00:00:00.000Z"),
      ("yyyy-MM-dd HH:mm:ss z", "2026-10-01 00:00:00 UTC", "2026-10-01T00:00:00.000Z"),
      ("yyyy-MM-dd HH:mm:ssz", "2026-10-01 00:00:00+00", "2026-10-01T00:00:00.000Z"),
      ("yyyy-MM-dd HH:mm:ss z", "2026-10-01 00:00:00 CET", nil),
      ("M/d/yyyy", "10/1/2026", "2026-10-01T00:00:00.000Z"), ("M/d/yyyy", "10/01/2026", "2026-10-01T00:00:00.000Z"),
      ("M/d/yyyy", "13/1/2026", nil), ("M/d/yyyy", "9/31/2026", nil), ("M/d/yyyy", "10/001/2026", nil),
      ("M/d/yyyy h:mm a", "10/1/2026 12:05 am", "2026-10-01T00:05:00.000Z"),
      ("M/d/yyyy h:mm a", "10/1/2026 1:05 PM", "2026-10-01T13:05:00.000Z"),
      ("M/d/yyyy h:mm a", "10/1/2026 13:05 PM", nil),
      ("d MMM yyyy", "1 Oct 2026", "2026-10-01T00:00:00.000Z"),
      ("d. MMM yyyy", "1. Oktober 2026", "2026-10-01T00:00:00.000Z"),
      ("MMM d, yyyy", "October 1, 2026", "2026-10-01T00:00:00.000Z"),
      ("d MMM yyyy", "1 oct. 2026", "2026-10-01T00:00:00.000Z"),
      ("d MMM yyyy", "1 Octobr 2026", nil), ("dd-MMM-yyyy", "01-DEZ-2026", "2026-12-01T00:00:00.000Z"),
      ("unix_ms", "1790812800123", "2026-10-01T00:00:00.123Z"), ("unix", "1790812800123", nil), ("unix", "-1", nil),
      ("yyyyMM", "202610", "2026-10-01T00:00:00.000Z"), ("yyyyMM", "202613", nil), ("yyyyMMdd", "20260931", nil),
    ] as [(String, String, String?)])
  func patterns(pattern: String, text: String, date: String?) throws {
    let grammar = try #require(DateGrammar(pattern: pattern))
    #expect(grammar.moment(text, in: .gmt)?.date.iso8601 == date)
  }

  @Test(
    "A year of two digits lies in the hundred years that are stated, and nowhere without them",
    arguments: [
      ("26", 2_000, "2026"), ("26", 1_970, "2026"), ("70", 1_970, "1970"), ("69", 1_970, "2069"), ("99", 2_000, "2099"),
    ])
  func pivot(short: String, pivot: Int, year: String) throws {
    let grammar = try #require(DateGrammar(pattern: "dd.MM.yy"))
    #expect(grammar.moment("01.10.\(short)", in: .gmt, pivot: pivot)?.date.iso8601.prefix(4) == Substring(year))
    #expect(grammar.moment("01.10.\(short)", in: .gmt) == nil)
    #expect(grammar.needsPivot)
  }

  @Test(
    "A date that the mapping does not state is refused with the form that would read it",
    arguments: [
      ("10/1/2026", "\"M/d/yyyy\" or \"d/M/yyyy\""), ("01.10.2026", "\"dd.MM.yyyy\""),
      ("2026-10-01T00:00Z", "\"iso8601\""),
      ("1790812800", "\"unix\""), ("01.10.26", "\"dd.MM.yy\" in \"dates\" would read it, with a \"pivot_year\""),
    ])
  func hints(text: String, hint: String) throws {
    let mapping = try invoiceMapping(#"{ "extends": "plain", "columns": { "period_start": "from" } }"#)
    let file = invoiceFile(
      "invoice_id,organization_id,from,category,amount,currency\nI,acme,\(text),credit,-1,EUR\n", mapping)
    #expect(file.problems.count == 1)
    #expect(file.problems.first?.contains(hint) == true, "\(file.problems)")
  }

  @Test(
    "A month that the mapping does not state is refused with the form that would read it",
    arguments: [
      ("Sep-26", "\"MMM-yy\" in \"dates\" would read it, with a \"pivot_year\""), ("Sep 2026", "\"MMM yyyy\""),
      ("Sept. 26", "\"MMM yy\""), ("Sep-2026", "\"MMM-yyyy\""), ("09/2026", "\"MM/yyyy\""),
    ])
  func monthHints(text: String, hint: String) throws {
    let mapping = try invoiceMapping(#"{ "extends": "plain" }"#)
    let file = invoiceFile(
      "invoice_id,organization_id,period,category,amount,currency\nI,acme,\(text),credit,-1,EUR\n", mapping)
    #expect(file.problems.count == 1)
    #expect(file.problems.first?.contains(hint) == true, "\(file.problems)")
  }

  @Test(
    "A month is written as one, or in a form that the mapping states",
    arguments: [
      ("2026-10", "yyyy-MM-dd", "2026-10"), ("202610", "yyyyMM", "2026-10"), ("10/2026", "MM/yyyy", "2026-10"),
      ("Oct 2026", "MMM yyyy", "2026-10"), ("2026-10-31", "yyyy-MM-dd", "2026-10"), ("202610", "yyyy-MM-dd", nil),
      ("202613", "yyyyMM", nil),
    ] as [(String, String, String?)])
  func months(text: String, form: String, month: String?) throws {
    let mapping = try invoiceMapping(#"{ "extends": "plain", "dates": "\#(form)" }"#)
    let file = invoiceFile(
      "invoice_id,organization_id,period,category,amount,currency\nI,acme,\(text),credit,-1,EUR\n", mapping)
    #expect(file.lines.first?.content.month?.description == month)
    #expect(file.problems.isEmpty == (month != nil))
  }
}
