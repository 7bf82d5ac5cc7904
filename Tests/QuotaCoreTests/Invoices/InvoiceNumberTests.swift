import QuotaCore
import TestSupport
import Testing

@Suite("The numbers of a file of invoices")
struct InvoiceNumberTests {
  private static let header = "invoice_id,line_id,organization_id,period,category,quantity,amount,currency\n"

  private func grammar(_ decimal: Character, _ groups: [Character] = [], indian: Bool = false) -> NumberGrammar {
    NumberGrammar(decimalSeparator: decimal, groupSeparators: groups, grouping: indian ? .indian : .thousands)
  }

  @Test(
    "A separator that the mapping does not state makes no number",
    arguments: [
      (",", [], "1.000"), (",", [], "12.345"), (",", [], "1.234.567"), (",", [" "], "1.000"), (",", [], "1.000,50"),
      (".", [], "1,000"), (".", [], "1'000"), (".", ["'"], "1,000"), (".", ["'"], "1’000"), (".", [], "1 000"),
      (".", [","], "1.000.000"), (".", [","], "1,000,00"), (".", [","], "1.000,00"), (".", [","], "12,34,567.89"),
      (".", [",", "'"], "1,000'000"), (",", ["."], "1.00"), (",", ["."], "1.0000"), (",", ["."], ".000"),
      (",", ["."], "1..000"), (".", [","], "-,123"), (".", [], "1.5.0"), (".", [], "٣"), (".", [], "1_000"),
    ] as [(Character, [Character], String)])
  func unstated(decimal: Character, groups: [Character], text: String) {
    #expect(grammar(decimal, groups).number(text) == nil)
  }

  @Test(
    "What the mapping states is read",
    arguments: [
      (".", [","], "1,234,567.89", "1234567.89"), (",", [".", " "], "1 234,5", "1234.5"),
      (",", [".", " "], "1.234,5", "1234.5"), (".", ["’", "'"], "1’234.50", "1234.5"),
      (",", ["\u{A0}"], "1\u{A0}234", "1234"),
      (".", [], "12.34-", "-12.34"), (".", [], "(12.34)", "-12.34"), (".", [], "( 12.34 )", "-12.34"),
      (".", [], "+12.34", "12.34"), (".", [], "\u{2212}12.34", "-12.34"), (".", [], "- 12.34", "-12.34"),
    ] as [(Character, [Character], String, String)])
  func stated(decimal: Character, groups: [Character], text: String, number: String) {
    #expect(grammar(decimal, groups).number(text)?.description == number)
  }

  @Test("Indian groups are read where they are stated, and others are not then")
  func indian() {
    let grammar = grammar(".", [","], indian: true)
    #expect(grammar.number("12,34,567.89")?.description == "1234567.89")
    #expect(grammar.number("1,234")?.description == "1234")
    #expect(grammar.number("1,234,567") == nil)
    #expect(grammar.number("123,456") == nil)
  }

  @Test("A number has one sign", arguments: ["--1", "-1-", "(-1)", "(1)-", "+-1", "(1", "1)", "()", "-", "+", "(1))"])
  func signs(text: String) {
    #expect(grammar(".").number(text) == nil)
  }

  @Test(
    "The sign of the line's own currency may stand at an amount, and that of another may not",
    arguments: [
      ("€1.50", "EUR", "1.5"), ("-€1.50", "EUR", "-1.5"), ("€-1.50", "EUR", "-1.5"), ("1.50 €", "EUR", "1.5"),
      ("(€1.50)", "EUR", "-1.5"), ("EUR 1.50", "EUR", "1.5"), ("1.50 eur", "EUR", "1.5"), ("$1.50", "USD", "1.5"),
      ("US$1.50", "USD", "1.5"), ("$1.50", "EUR", nil), ("1.50 USD", "EUR", nil), ("US$1.50", "CAD", nil),
      ("€1.50€", "EUR", nil), ("x1.50", "EUR", nil), ("1.50 pages", "EUR", nil),
    ] as [(String, String, String?)])
  func currencies(text: String, code: String, number: String?) throws {
    let currency = try #require(Currency(code))
    #expect(grammar(".").number(text, in: currency)?.description == number)
  }

  @Test(
    "A number of another convention is refused with the setting that would read it",
    arguments: [
      (#""decimal": ",""#, "1.000", #""thousands": "." would read 1000, "decimal": "." would read 1"#),
      (#""decimal": ",""#, "12.345", #""thousands": "." would read 12345"#),
      (#""decimal": ".""#, "1,50", #""decimal": "," would read 1.5"#),
      (#""decimal": ".""#, "1.234,50", #""decimal": "," with "thousands": "." would read 1234.5"#),
      (#""thousands": ",""#, "12,34,567", #""grouping": "indian" would read 1234567"#),
      (#""decimal": ".""#, "1 000", #""thousands": " " would read 1000"#),
      (#""decimal": ".""#, "1.23E+05", "export the column with all its digits"),
    ])
  func hints(setting: String, text: String, hint: String) throws {
    let mapping = try invoiceMapping(#"{ "extends": "plain", \#(setting) }"#)
    for row in ["1,\"\(text)\"", "\"\(text)\",1"] {
      let file = invoiceFile(Self.header + "I,1,acme,2026-10,credit,\(row),EUR\n", mapping)
      #expect(file.problems.count == 1)
      #expect(file.problems.first?.contains(hint) == true, "\(file.problems)")
    }
  }

  @Test("Thousands that are read as decimals by a mapping that does not state it are told")
  func doubtful() {
    let file = invoiceFile(Self.header + "I,1,acme,2026-10,credit,12.345,1.000,EUR\n")
    #expect(file.warnings.first?.contains("such as 1.000") == true, "\(file.warnings)")
    let clear = invoiceFile(Self.header + "I,1,acme,2026-10,credit,12.345,1.00,EUR\n")
    #expect(clear.warnings == [])
  }

  @Test("Numbers of JSON are read as JSON writes them, whatever texts look like")
  func json() throws {
    let mapping = try invoiceMapping(
      """
      { "format": "json", "decimal": ",", "thousands": ".", "columns": { "invoice_id": "i", "line_id": "l",
        "organization": "o", "month": "m", "category": "c", "quantity": "q", "amount": "a", "currency": "e" } }
      """)
    func file(_ quantity: String, _ amount: String) -> ReadInvoiceFile {
      invoiceFile(
        #"[{ "i": 1, "l": 1, "o": "acme", "m": "2026-10", "c": "credit", "e": "EUR", "q": \#(quantity), "a": \#(amount) }]"#,
        mapping)
    }
    let read = file("1.2345E+4", "-1.500")
    #expect(read.problems == [])
    #expect(read.lines.first?.content.quantity?.description == "12345")
    #expect(read.lines.first?.content.amount.description == "-1.5")
    #expect(file("1e-2", #""1.500""#).lines.first?.content.amount.description == "1500")
    #expect(file("1", "1e99").problems.first?.contains("more digits than can be kept exactly") == true)
  }

  @Test("An amount stands in the column of what is charged or of what is given back, which tells its sign")
  func debitCredit() throws {
    let mapping = try invoiceMapping(
      #"{ "extends": "plain", "columns": { "amount": { "debit": "soll", "credit": "haben" } } }"#)
    func file(_ row: String) -> ReadInvoiceFile {
      invoiceFile(
        "invoice_id,line_id,organization_id,period,category,currency,soll,haben\nI,1,acme,2026-10,adjustment,EUR,\(row)\n",
        mapping)
    }
    #expect(file("5.00,").lines.map(\.content.amount.description) == ["5"])
    #expect(file(",5.00").lines.map(\.content.amount.description) == ["-5"])
    #expect(file("0.00,5.00").lines.map(\.content.amount.description) == ["-5"])
    #expect(file("-5.00,").lines.map(\.content.amount.description) == ["-5"])
    #expect(file("5.00,5.00").problems == ["line 2: it has both soll and haben"])
    #expect(file(",").problems == ["line 2: it has no amount"])
    #expect(file(",-5.00").problems.first?.contains("haben is negative") == true)
    #expect(file("5.00,").fields.first { $0.field == .amount }?.source == "soll less haben")
  }

  @Test("Rows of credit notes lower the bill, with all of their parts")
  func creditNotes() throws {
    let mapping = try invoiceMapping(
      """
      { "extends": "plain", "credit_notes": [{ "column": "type", "values": ["Gutschrift*"] }],
        "parts": [{ "column": "vat", "category": "tax" }] }
      """)
    let file = invoiceFile(
      "type,invoice_id,line_id,organization_id,period,category,amount,vat,currency\n"
        + "Rechnung,I,1,acme,2026-10,purchase,9.00,1.71,EUR\nGutschrift 7,G,1,acme,2026-10,purchase,9.00,1.71,EUR\n",
      mapping)
    #expect(file.problems == [])
    #expect(file.lines.map(\.content.amount.description) == ["9", "1.71", "-9", "-1.71"])
  }

  @Test("A quantity in thousands is multiplied, and its price divided")
  func factors() throws {
    let mapping = try invoiceMapping(#"{ "extends": "plain", "quantity_factors": { "pages": 1000 } }"#)
    let file = invoiceFile(
      "invoice_id,line_id,organization_id,period,metric,quantity,unit_price,amount,currency\n"
        + "I,1,acme,2026-10,pages,12.345,10.00,123.45,EUR\nI,2,acme,2026-10,conversions,7,2.00,14.00,EUR\n", mapping)
    #expect(file.lines.map(\.content.quantity?.description) == ["12345", "7"])
    #expect(file.lines.map(\.content.unitPrice?.description) == ["0.01", "2"])
  }

  @Test("An amount that includes its tax is compared without it")
  func included() throws {
    let mapping = try invoiceMapping(
      #"{ "extends": "plain", "parts": [{ "column": "vat", "category": "tax", "included": true }] }"#)
    let file = invoiceFile(
      "invoice_id,line_id,organization_id,period,category,amount,vat,currency\nI,1,acme,2026-10,purchase,11.90,1.90,EUR\n",
      mapping)
    #expect(file.lines.map { "\($0.key.line) \($0.content.amount)" } == ["1 10", "1/tax 1.9"])
  }
}
