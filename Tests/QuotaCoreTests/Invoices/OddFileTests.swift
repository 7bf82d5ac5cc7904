import FoundationEssentials
import QuotaCore
import Testing

/// What exports do that nobody would think of.
@Suite("Odd files of invoices")
struct OddFileTests {
  private static let header = "invoice_id,line_id,organization_id,period,category,amount,currency\n"
  private static let row = "I,1,acme,2026-10,purchase,9.00,EUR\n"

  @Test("Lines that end with CR alone are read, a preamble too", arguments: [0, 2])
  func carriageReturns(preamble: Int) throws {
    let mapping = try invoiceMapping(#"{ "extends": "plain", "skip_before": \#(preamble) }"#)
    let text = (String(repeating: "Title, of \"it\n", count: preamble) + Self.header + Self.row + Self.row)
      .replacing("\n", with: "\r")
    let file = invoiceFile(text, mapping)
    #expect(file.lines.count == 2)
    #expect(file.problems.count == 1 && file.problems.first?.contains("is in the file twice") == true)
  }

  @Test(
    "The line that tells a spreadsheet the delimiter is named with the settings",
    arguments: [(";", ";"), ("\t", "tab"), (",", ",")])
  func separatorLine(delimiter: String, name: String) {
    let text = "sep=\(delimiter)\r\n" + (Self.header + Self.row).replacing(",", with: delimiter)
    #expect(
      invoiceFile(text).problems == [
        "line 1 tells spreadsheets that the fields are separated by \"\(name)\"; set \"delimiter\": \"\(name)\" and "
          + "\"skip_before\": 1 in a mapping"
      ])
  }

  @Test(
    "A file without lines is none",
    arguments: [header, header + ",,,,,,\n", "[]"])
  func nothing(text: String) {
    #expect(invoiceFile(text).problems == ["the file has no lines of invoices"])
  }

  @Test("JSON Lines, OpenDocument and UTF-16 without a mark are refused with what to do")
  func otherKinds() {
    let object = #"{ "invoice_id": "I" }"#
    #expect(invoiceFile("\(object)\n\(object)\n").problems.first?.contains("`jq -s .`") == true)
    let archive = "PK\u{3}\u{4}" + String(repeating: "\u{1}", count: 26)
    #expect(
      invoiceFile(archive + "mimetypeapplication/vnd.oasis.opendocument.spreadsheet").problems
        == ["this is an OpenDocument file; save it as a workbook (.xlsx) or as CSV"])
    let units = Array(Self.header.utf16).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    let unmarked = ReadInvoiceFile(units, mapping: InvoiceMapping.Ready.plain.mapping)
    #expect(unmarked.problems.first?.contains("if the file is UTF-16") == true)
  }

  @Test(
    "A sign, a currency and parentheses may stand in any order",
    arguments: [
      ("($1,234.56)", "-1234.56"), ("$(1,234.56)", "-1234.56"), ("$ (1,234.56)", "-1234.56"),
      ("(1,234.56) USD", "-1234.56"), ("USD 1,234.56-", "-1234.56"), ("-$1,234.56", "-1234.56"), ("(-5)", nil),
      ("-(5)", nil), ("($(5))", nil), ("(5", nil), ("1\u{2009}234.56", nil),
    ])
  func signs(text: String, value: String?) throws {
    let usd = try #require(Currency("USD"))
    let grammar = NumberGrammar(groupSeparators: [","])
    #expect(grammar.number(text, in: usd)?.description == value)
  }

  @Test("A thin space may stand between groups where the mapping states it")
  func thinSpace() {
    #expect(NumberGrammar(groupSeparators: ["\u{2009}"]).number("1\u{2009}234.5")?.description == "1234.5")
  }

  @Test(
    "The number of a day in a spreadsheet is named, and no form that would read another year",
    arguments: [("46296", "as the number of a day in a spreadsheet it would be 2026-10-01"), ("12345", "")])
  func serialNumbers(text: String, hint: String) throws {
    let mapping = try invoiceMapping(#"{ "extends": "plain", "columns": { "period_start": "period" } }"#)
    let file = invoiceFile(
      Self.header.replacing("period", with: "p,period") + "I,1,acme,,\(text),purchase,9.00,EUR\n", mapping)
    let problem = try #require(file.problems.first)
    #expect(problem.contains(hint) && !problem.contains("unix"), "\(problem)")
  }

  @Test("Words of a pattern stand in quotes")
  func quotedWords() throws {
    let grammar = try #require(DateGrammar(pattern: "d 'de' MMM 'de' yyyy"))
    #expect(grammar.moment("1 de octubre de 2026", in: .gmt)?.date.iso8601 == "2026-10-01T00:00:00.000Z")
    #expect(grammar.moment("1 octubre 2026", in: .gmt) == nil)
    #expect(DateGrammar(pattern: "d 'de MMM yyyy") == nil)
  }

  @Test("Of more problems than anybody reads the first hundred are told")
  func manyProblems() {
    let file = invoiceFile(Self.header + (1...300).map { "I,\($0),acme,2026-10,purchase,x,EUR\n" }.joined())
    #expect(file.problems.count == 100)
    #expect(file.problems.last?.hasPrefix("line 101: ") == true)
  }
}
