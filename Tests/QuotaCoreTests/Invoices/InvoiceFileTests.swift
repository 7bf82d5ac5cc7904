import FoundationEssentials
import QuotaCore
import TestSupport
import Testing

/// Reads a file with a mapping, which is given as its JSON or taken as a ready one.
func invoiceFile(
  _ text: String, _ mapping: InvoiceMapping = InvoiceMapping.Ready.plain.mapping, zone: TimeZone = .gmt
) -> ReadInvoiceFile {
  ReadInvoiceFile(Array(text.utf8), mapping: mapping, zone: zone)
}

func invoiceMapping(_ json: String) throws -> InvoiceMapping {
  let (mapping, issues) = try decodeConfiguration(json) { $0.decoded(as: InvoiceMapping.shape) }
  try #require(issues == [])
  return try #require(mapping)
}

extension InvoiceLine {
  /// `acme 2026-10 usage pages 1234 × 0.01 = 12.34 EUR`, with `?` for what is not known.
  fileprivate var summary: String {
    let content = content
    var words = [
      content.organization?.rawValue ?? "?", content.month?.description ?? "?", content.category?.rawValue ?? "?",
    ]
    if let metric = content.metric { words.append(metric.rawValue) }
    if let quantity = content.quantity { words.append(quantity.description) }
    if let price = content.unitPrice { words.append("× \(price)") }
    words.append("= \(content.currency.text(content.amount)) \(content.currency)")
    if content.isProration { words.append("proration") }
    if content.issueStatus != .issued { words.append(content.issueStatus.rawValue) }
    return words.joined(separator: " ")
  }
}

@Suite("A file of invoices")
struct InvoiceFileTests {
  @Test("A plain table is read by its own names, in any order")
  func plain() {
    let file = invoiceFile(
      """
      currency,amount,organization_id,invoice_id,line_id,period,charge_category,metric,quantity,unit_price,description
      EUR,12.34,acme,INV-1,1,2026-10,usage,pages,1234,0.01,"Pages, October"
      EUR,99,acme,INV-1,2,2026-10,Purchase,,,,Base fee
      EUR,-5.00,globex,INV-1,3,2026-10,credit,,,,
      EUR,20.21,acme,INV-1,4,2026-10,tax,,,,

      """)
    #expect(file.problems == [])
    #expect(
      file.lines.map(\.summary) == [
        "acme 2026-10 usage pages 1234 × 0.01 = 12.34 EUR", "acme 2026-10 purchase = 99.00 EUR",
        "globex 2026-10 credit = -5.00 EUR", "acme 2026-10 tax = 20.21 EUR",
      ])
    #expect(file.lines[0].content.description == "Pages, October")
    #expect(file.lines.allSatisfy { $0.content.unknownBecause == nil })
    #expect(file.fields.first { $0.field == .amount }?.example == "12.34")
  }

  @Test("A table of another make is read as the mapping says: byte order mark, semicolons, decimal comma, thousands")
  func german() throws {
    let mapping = try invoiceMapping(
      """
      { "delimiter": ";", "decimal": ",", "thousands": ".", "dates": "dd.MM.yyyy", "period_end": "inclusive",
        "columns": { "invoice_id": "Rechnung", "line_id": "Pos", "organization": "Kunde", "period_start": "von",
          "period_end": "bis", "metric": "Artikel", "category": "Art", "quantity": "Menge", "unit_price": "Preis",
          "amount": "Betrag", "currency": { "value": "EUR" } },
        "organizations": { "K-1": "acme", "K-2": "globex" }, "metrics": { "Seiten*": "pages" },
        "categories": { "Nutzung": "usage", "Grundgebühr": "purchase" },
        "skip": [{ "column": "Art", "values": ["Summe"] }] }
      """)
    let file = invoiceFile(
      "\u{FEFF}Rechnung;Pos;Kunde;von;bis;Artikel;Art;Menge;Preis;Betrag\r\n"
        + "R1;1;K-1;01.10.2026;31.10.2026;Seiten OCR;Nutzung;12.345;0,0125;154,31\r\n"
        + "R1;2;K-2;01.10.2026;31.10.2026;;Grundgebühr;;;1.099,00\r\n"
        + "R1;;K-2;;;;Summe;;;1.253,31\r\n", mapping)
    #expect(file.problems == [])
    #expect(
      file.lines.map(\.summary) == [
        "acme 2026-10 usage pages 12345 × 0.0125 = 154.31 EUR", "globex 2026-10 purchase = 1099.00 EUR",
      ])
    #expect(file.skipped == 1)
  }

  @Test("Line items of Stripe are read with cents, seconds, taxes and discounts")
  func stripe() {
    let file = invoiceFile(
      """
      { "object": "list", "data": [ { "id": "in_1", "status": "paid", "customer": "acme", "lines": { "has_more": false, "data": [
        { "id": "il_1", "amount": 1234, "currency": "eur", "description": "1234 × Pages (at €0.01 / month)",
          "quantity": 1234, "period": { "start": 1790812800, "end": 1793491200 }, "type": "subscription",
          "price": { "unit_amount_decimal": "1" }, "proration": false,
          "tax_amounts": [{ "amount": 200, "inclusive": false }, { "amount": 34, "inclusive": false }],
          "discount_amounts": [{ "amount": 100 }] },
        { "id": "il_2", "amount": 9900, "currency": "eur", "description": "Base fee",
          "period": { "start": 1790812800, "end": 1793491200 }, "type": "subscription", "proration": true },
        { "id": "il_3", "amount": 500, "currency": "jpy", "description": "Something else",
          "period": { "start": 1790812800, "end": 1793491200 }, "type": "invoiceitem" } ] } } ] }
      """, InvoiceMapping.Ready.stripe.mapping)
    #expect(file.problems == [])
    #expect(
      file.lines.map { "\($0.key.line): \($0.summary)" } == [
        "il_1: acme 2026-10 usage pages 1234 × 0.01 = 12.34 EUR", "il_1/tax: acme 2026-10 tax = 2.34 EUR",
        "il_1/credit: acme 2026-10 credit = -1.00 EUR", "il_2: acme 2026-10 purchase = 99.00 EUR proration",
        "il_3: acme 2026-10 ? = 500 JPY",
      ])
    #expect(file.lines.filter { $0.content.unknownBecause != nil }.map(\.key.line) == ["il_3"])
  }

  @Test("A list of Stripe that is only a part of the lines is refused")
  func partial() {
    let file = invoiceFile(
      #"{ "id": "in_1", "customer": "acme", "lines": { "has_more": true, "data": [] } }"#,
      InvoiceMapping.Ready.stripe.mapping)
    #expect(file.problems.first?.contains("has_more") == true)
  }

  @Test(
    "What stands for nothing that we know is a line that is unknown, with the reason",
    arguments: [
      ("nobody,2026-10,usage,pages", "\"nobody\" is no organization of ours"),
      ("acme,2026-10,usage,", "what is counted is not in"),
      ("acme,2026-10,usage,stamps", "what is counted is not in"),
      ("acme,2026-10,gift,", "\"gift\" is no charge category"),
      ("acme,2026-10,,", "neither what is counted nor what kind of charge"),
    ])
  func unknown(row: String, reason: String) {
    let file = invoiceFile(
      "invoice_id,line_id,amount,currency,organization_id,period,category,metric\nINV-1,1,5.00,EUR,\(row)\n")
    #expect(file.problems == [])
    #expect(file.lines.first?.content.unknownBecause?.contains(reason) == true)
    #expect(file.lines.first?.content.amount == ExactDecimal(5))
  }

  @Test(
    "What is not written as the mapping states is refused, with its line",
    arguments: [
      ("INV-1,1,acme,2026-10,usage,pages,5,\"1,50\",EUR", "line 2: amount \"1,50\" is not a number"),
      ("INV-1,1,acme,2026-10,usage,pages,5x,1.50,EUR", "line 2: quantity \"5x\" is not a number"),
      ("INV-1,1,acme,2026-10,usage,pages,5,1e2,EUR", "line 2: amount \"1e2\" is not a number"),
      ("INV-1,1,acme,2026-13,usage,pages,5,1.50,EUR", "line 2: month \"2026-13\""),
      ("INV-1,1,acme,2026-10,usage,pages,5,1.50,EURO", "line 2: \"EURO\" is not a currency"),
      ("INV-1,1,acme,2026-10,usage,pages,5,,EUR", "line 2: it has no amount"),
      (",1,acme,2026-10,usage,pages,5,1.50,EUR", "line 2: it has no invoice_id; if it is no line"),
      ("INV-1,1,acme,2026-10,usage,pages,5,1.50", "line 2: it has 8 fields, the header has 9"),
      ("INV-1,1,acme,2026-10,usage,pages,5,1.50,EUR\nINV-1,1,acme,2026-10,usage,pages,5,1.50,EUR", "in the file twice"),
      ("INV-1,1,acme,2026-10,usage,pages,5,\"1.50,EUR", "never closed"),
    ])
  func refused(row: String, problem: String) {
    let file = invoiceFile(
      "invoice_id,line_id,organization_id,period,category,metric,quantity,amount,currency\n\(row)\n")
    #expect(file.problems.count == 1)
    #expect(file.problems.first?.contains(problem) == true, "\(file.problems)")
  }

  @Test("All problems of a file come at once")
  func allProblems() {
    let file = invoiceFile(
      "invoice_id,organization_id,period,amount,currency\nI,acme,2026-10,x,EUR\nI,acme,2026-1,1,EUR\n")
    #expect(file.problems.map { $0.prefix(7) } == ["line 2:", "line 3:"])
  }

  @Test("A column that is needed and not there is named, with those that are there")
  func missingColumn() {
    let file = invoiceFile("invoice_id,organisation,period,amount,currency\nI,acme,2026-10,1,EUR\n")
    #expect(file.problems.count == 1)
    #expect(file.problems.first?.contains("no column \"organization_id\" for organization") == true)
    #expect(file.problems.first?.contains("organisation, period") == true)
    #expect(invoiceFile("").problems == ["the file is empty"])
  }

  @Test("A line without an id is identified by its file and row")
  func rowIDs() {
    let text = "invoice_id,organization_id,period,category,amount,currency\nI,acme,2026-10,credit,-1,EUR\n"
    let file = invoiceFile(text + "I,acme,2026-10,credit,-1,EUR\n")
    #expect(file.lines.map(\.key.line) == ["abababababababab#1", "abababababababab#2"])
    #expect(file.lines.first?.key.fileOfRow == "abababababababab")
    #expect(InvoiceLineKey(invoice: "I", line: "il_1").fileOfRow == nil)
  }

  @Test(
    "A period is a month if it lies in one, by the end that the mapping states",
    arguments: [
      ("exclusive", "2026-10-01", "2026-11-01", "2026-10"), ("exclusive", "2026-10-05", "2026-10-09", "2026-10"),
      ("exclusive", "2026-10-01", "2026-11-02", nil), ("exclusive", "2026-09-15", "2026-10-15", nil),
      ("inclusive", "2026-10-01", "2026-10-31", "2026-10"), ("inclusive", "2026-10-01", "2026-11-01", nil),
      ("exclusive", "2026-10-31", "2026-10-31", "2026-10"),
    ])
  func periods(end: String, from: String, to: String, month: String?) throws {
    let mapping = try invoiceMapping(
      """
      { "extends": "plain", "period_end": "\(end)", "columns": { "period_start": "from", "period_end": "to" } }
      """)
    for zone in [TimeZone.gmt, TimeZone(identifier: "America/Bogota") ?? .gmt] {
      let file = invoiceFile(
        "invoice_id,organization_id,from,to,category,amount,currency\nI,acme,\(from),\(to),credit,-1,EUR\n", mapping,
        zone: zone)
      #expect(file.problems == [])
      #expect(file.lines.first?.content.month?.description == month)
      #expect((file.lines.first?.content.unknownBecause == nil) == (month != nil))
    }
  }

  @Test("A period that ends before it begins is refused")
  func backwards() throws {
    let mapping = try invoiceMapping(
      #"{ "extends": "plain", "columns": { "period_start": "from", "period_end": "to" } }"#)
    let file = invoiceFile(
      "invoice_id,organization_id,from,to,category,amount,currency\nI,acme,2026-10-05,2026-10-01,credit,-1,EUR\n",
      mapping)
    #expect(file.problems == ["line 2: its period ends before it begins"])
  }

  @Test("Minor units are those of the currency, and have no decimals")
  func minorUnits() throws {
    let mapping = try invoiceMapping(#"{ "extends": "plain", "amounts": "minor" }"#)
    func amounts(_ rows: String) -> ReadInvoiceFile {
      invoiceFile("invoice_id,organization_id,period,category,currency,amount\n\(rows)\n", mapping)
    }
    let file = amounts("I,acme,2026-10,credit,EUR,1234\nI,acme,2026-10,credit,JPY,1234\nI,acme,2026-10,credit,KWD,1234")
    #expect(file.lines.map(\.content.amount.description) == ["12.34", "1234", "1.234"])
    for fraction in ["12.34", "12.00", "1200.0"] {
      #expect(amounts("I,acme,2026-10,credit,EUR,\(fraction)").problems.first?.contains("has decimals") == true)
    }
  }
}

@Suite("A mapping of invoices")
struct InvoiceMappingTests {
  @Test(
    "Every mistake is reported at its place",
    arguments: [
      (#"{ "extends": "strype" }"#, "extends", "did you mean \"stripe\""),
      (#"{ "extends": "plain", "delimeter": ";" }"#, "delimeter", "did you mean \"delimiter\""),
      (#"{ "extends": "plain", "delimiter": ";;" }"#, "delimiter", "one character"),
      (#"{ "extends": "plain", "delimiter": "a" }"#, "delimiter", "one character"),
      (#"{ "extends": "plain", "decimal": ";" }"#, "decimal", "expected one of"),
      (#"{ "extends": "plain", "thousands": "." }"#, "thousands", "must not be the same"),
      (#"{ "extends": "plain", "dates": "DD.MM.YYYY" }"#, "dates", "no form of a date"),
      (#"{ "extends": "plain", "dates": "dd.MM.yy" }"#, "dates", "needs \"pivot_year\""),
      (#"{ "extends": "plain", "columns": { "amounts": "x" } }"#, "columns.amounts", "did you mean \"amount\""),
      (#"{ "extends": "plain", "metrics": { "Seiten": "page" } }"#, "metrics.Seiten", "did you mean \"pages\""),
      (
        #"{ "columns": { "invoice_id": "a", "organization": "b", "amount": "c", "month": "m" } }"#, "columns",
        "\"currency\" has no column"
      ),
      (
        #"{ "columns": { "invoice_id": "a", "organization": "b", "amount": "c", "currency": "d" } }"#, "columns",
        "neither \"month\" nor"
      ),
    ])
  func mistakes(json: String, path: String, message: String) throws {
    let (_, issues) = try decodeConfiguration(json) { $0.decoded(as: InvoiceMapping.shape) }
    #expect(issues.contains { $0.path == path && $0.message.contains(message) }, "\(issues)")
  }

  @Test("A pattern matches any text where it has an asterisk; two answers are none")
  func words() {
    var map = WordMap<Metric>([("* × Pages (*", .pages), ("Conversions*", .conversions), ("exact", .pages)])
    #expect(map.values(for: "1234 × pages (at $1)") == [.pages])
    #expect(map.values(for: "× pages (") == [])
    #expect(map.values(for: "Conversions") == [.conversions])
    #expect(map.values(for: "EXACT") == [.pages])
    #expect(map.values(for: "exactly") == [])
    map.add("*", .conversions)
    #expect(map.values(for: "1234 × pages (at $1)") == [.pages, .conversions])
    #expect(map.values(for: "exact") == [.pages])
    #expect(WordMap([("a*a", 1)]).values(for: "a") == [])
  }

  @Test(
    "Numbers are read by their grammar only",
    arguments: [
      (".", nil, "1234.50", "1234.5"), (".", nil, "-0.01", "-0.01"), (".", nil, "1,234.50", nil), (".", nil, "", nil),
      (".", nil, "+1", "1"), (".", nil, "1.", nil), (".", nil, ".5", nil), (".", nil, "1e3", nil), (".", nil, "１", nil),
      (",", ".", "1.234,50", "1234.5"), (",", ".", "1234,50", "1234.5"), (",", ".", "1.23,50", nil),
      (",", ".", "12.34", nil), (",", ".", ".234", nil), (",", ".", "1.234.567", "1234567"), (",", ".", "1,234.5", nil),
      (".", ",", "1,234,567.89", "1234567.89"), (".", ",", "1,2345", nil), (".", " ", "12 345", "12345"),
      (".", "'", "-1'000", "-1000"),
    ] as [(Character, Character?, String, String?)])
  func numbers(decimal: Character, thousands: Character?, text: String, number: String?) {
    let grammar = NumberGrammar(decimalSeparator: decimal, groupSeparators: thousands.map { [$0] } ?? [])
    #expect(grammar.number(text)?.description == number)
  }

  @Test(
    "Dates are read by their form only",
    arguments: [
      ("yyyy-MM-dd", "2026-10-31", "2026-10-31T00:00:00.000Z"), ("yyyy-MM-dd", "2026-10-32", nil),
      ("yyyy-MM-dd", "2026-02-29", nil), ("yyyy-MM-dd", "2026-1-01", nil), ("yyyy-MM-dd", "2026-10-31 ", nil),
      ("dd.MM.yyyy", "01.10.2026", "2026-10-01T00:00:00.000Z"),
      ("MM/dd/yyyy", "10/01/2026", "2026-10-01T00:00:00.000Z"),
      ("yyyy-MM-dd HH:mm:ss", "2026-10-01 12:30:05", "2026-10-01T12:30:05.000Z"),
      ("yyyy-MM-ddTHH:mm:ss", "2026-10-01T24:00:00", nil), ("unix", "1790812800", "2026-10-01T00:00:00.000Z"),
      ("unix", "1790812800.5", nil), ("iso8601", "2026-10-01T02:00:00+02:00", "2026-10-01T00:00:00.000Z"),
      ("iso8601", "2026-10-01T00:00:00.000Z", "2026-10-01T00:00:00.000Z"), ("iso8601", "2026-10-01", nil),
    ] as [(String, String, String?)])
  func dates(pattern: String, text: String, date: String?) throws {
    let grammar = try #require(DateGrammar(pattern: pattern))
    #expect(grammar.moment(text, in: .gmt)?.date.iso8601 == date)
  }

  @Test(
    "What is no form of a date is refused",
    arguments: ["", "yyyy", "dd.MM", "yyyy-MM-dd-dd", "ddd.MM.yyyy", "yyyyMd", "yyyy-MM HH:mm", "yyyy-MM-dd hh:mm"])
  func datePatterns(pattern: String) {
    #expect(DateGrammar(pattern: pattern) == nil)
  }
}
