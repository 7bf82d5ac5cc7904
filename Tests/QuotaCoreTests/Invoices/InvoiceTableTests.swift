import FoundationEssentials
import QuotaCore
import TestSupport
import Testing

@Suite("Tables of invoices as people have them")
struct InvoiceTableTests {
  private static let header = "invoice_id,line_id,organization_id,period,category,amount,currency\n"
  private static let row = "I,1,acme,2026-10,purchase,9.00,EUR\n"

  @Test("The id of a part follows from the mapping, whatever its amount is and whatever parts come after it")
  func partIDs() throws {
    func file(_ parts: String, _ row: String) throws -> ReadInvoiceFile {
      let mapping = try invoiceMapping(#"{ "extends": "plain", "parts": [\#(parts)] }"#)
      return invoiceFile(
        "invoice_id,line_id,organization_id,period,category,amount,currency,vat,city\nI,1,acme,2026-10,purchase,9.00,EUR,\(row)\n",
        mapping)
    }
    let one = #"{ "column": "vat", "category": "tax" }"#
    let two = one + #", { "column": "city", "category": "tax" }"#
    #expect(try file(one, "1.71,0.10").lines.map(\.key.line) == ["1", "1/tax"])
    #expect(try file(two, "1.71,0.10").lines.map(\.key.line) == ["1", "1/tax", "1/tax/city"])
    for empty in ["0.00,0.10", ",0.10"] {
      let read = try file(two, empty)
      #expect(read.lines.map(\.key.line) == ["1", "1/tax/city"])
      #expect(read.emptyParts.map(\.key.line) == ["1/tax"])
      #expect(read.emptyParts.map(\.content.amount) == [.zero])
    }
  }

  @Test("Of several columns one is chosen for the whole file, and shown")
  func choice() throws {
    let mapping = try invoiceMapping(#"{ "extends": "plain", "columns": { "amount": ["net", "gross"] } }"#)
    let header = "invoice_id,organization_id,period,category,currency,gross,net\n"
    let mixed = invoiceFile(
      header + "I,acme,2026-10,purchase,EUR,11.90,10.00\nI,acme,2026-10,purchase,EUR,11.90,\n", mapping)
    #expect(mixed.problems == ["line 3: it has no amount"])
    #expect(mixed.fields.first { $0.field == .amount }?.source == "net")
    let json = try invoiceMapping(
      """
      { "format": "json", "columns": { "invoice_id": "i", "line_id": "l", "organization": "o", "month": "m",
        "category": "c", "amount": ["net", "gross"], "currency": "e" } }
      """)
    let objects = invoiceFile(
      """
      [{ "i": "I", "l": 1, "o": "acme", "m": "2026-10", "c": "purchase", "e": "EUR", "gross": "1" },
       { "i": "I", "l": 2, "o": "acme", "m": "2026-10", "c": "purchase", "e": "EUR", "gross": "2", "net": "1" }]
      """, json)
    #expect(objects.problems == ["[0]: it has no amount"])
    #expect(objects.fields.first { $0.field == .amount }?.source == "net")
  }

  @Test("A category that is stated holds, whatever is counted")
  func statedCategory() {
    let file = invoiceFile(
      "invoice_id,line_id,organization_id,period,category,metric,quantity,amount,currency\n"
        + "I,1,acme,2026-10,purchase,pages,5000,50.00,EUR\nI,2,acme,2026-10,,pages,5,0.05,EUR\n")
    #expect(file.lines.map(\.content.category) == [.purchase, .usage])
  }

  @Test("A header further down, rows without anything and rows of totals are passed over")
  func preamble() throws {
    let mapping = try invoiceMapping(
      #"{ "extends": "plain", "skip_before": 3, "skip": [{ "column": "line_id", "values": ["Total*", ""] }] }"#)
    let file = invoiceFile(
      "Report \"October\"\n\nmade by ana\n" + Self.header + Self.row + ",,,,,,\nI,Total: 1 line,9.00\nI,,x\n", mapping)
    #expect(file.problems == [])
    #expect(file.lines.map(\.key.line) == ["1"])
    #expect(file.skipped == 3)
    let wrong = invoiceFile(
      Self.header + "I,1,acme,2026-10,purchase,x,EUR\n", try invoiceMapping(#"{ "extends": "plain" }"#))
    #expect(wrong.problems.first?.hasPrefix("line 2: ") == true)
    let shifted = invoiceFile("a\nb\nc\n" + Self.header + "I,1,acme,2026-10,purchase,x,EUR\n", mapping)
    #expect(shifted.problems.first?.hasPrefix("line 5: ") == true)
  }

  @Test("A file that another setting would read is refused with that setting")
  func hints() {
    let semicolons = (Self.header + Self.row).replacing(",", with: ";")
    #expect(invoiceFile(semicolons).problems.first?.contains(#"set "delimiter": ";""#) == true)
    let tabs = (Self.header + Self.row).replacing(",", with: "\t")
    #expect(invoiceFile(tabs).problems.first?.contains(#"set "delimiter": "tab""#) == true)
    let preamble = invoiceFile("Report of October\n\n" + Self.header + Self.row)
    #expect(preamble.problems.first?.contains(#"set "skip_before": 2"#) == true)
    #expect(preamble.problems.count == 1)
  }

  @Test("Spaces around names and values, and around quotes, make no difference")
  func spaces() {
    let file = invoiceFile(
      "invoice_id, line_id, \"organization_id\" , period, category, amount, currency\n"
        + "I, 1, \"acme\" , 2026-10, purchase, \"9.00\", EUR\n")
    #expect(file.problems == [])
    #expect(file.lines.map(\.content.organization?.rawValue) == ["acme"])
  }

  @Test("UTF-16, Windows-1252 and byte order marks are read")
  func encodings() throws {
    let text =
      Self.header.replacing("category", with: "category,description") + "I,1,acme,2026-10,purchase,Größe €,9.00,EUR\n"
    func read(_ bytes: [UInt8], _ mapping: InvoiceMapping = InvoiceMapping.Ready.plain.mapping) -> ReadInvoiceFile {
      // In pieces that cut characters in two.
      ReadInvoiceFile(bytes, mapping: mapping, piece: 7)
    }
    let little: [UInt8] = [0xFF, 0xFE] + text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    let big: [UInt8] = [0xFE, 0xFF] + text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
    let windows = text.unicodeScalars.map { $0 == "€" ? 0x80 : UInt8($0.value) }
    let stated = try invoiceMapping(#"{ "extends": "plain", "encoding": "windows-1252" }"#)
    for file in [
      read(Array(text.utf8)), read([0xEF, 0xBB, 0xBF] + Array(text.utf8)), read(little), read(big),
      read(windows, stated),
    ] {
      #expect(file.problems == [])
      #expect(file.lines.first?.content.description == "Größe €")
    }
    #expect(read(windows).problems.first?.contains(#"set "encoding": "windows-1252""#) == true)
    let json: [UInt8] =
      [0xEF, 0xBB, 0xBF] + Array(#"{ "id": "in_1", "status": "void", "lines": { "data": [] } }"#.utf8)
    #expect(read(json, InvoiceMapping.Ready.stripe.mapping).voided == ["in_1"])
  }

  @Test("Rows of totals state what the lines of their invoice come to")
  func totals() throws {
    let mapping = try invoiceMapping(
      """
      { "extends": "plain", "skip": [{ "column": "line_id", "values": ["Sum"], "total": true }],
        "parts": [{ "column": "vat", "category": "tax" }, { "column": "off", "category": "credit", "negative": true }] }
      """)
    let file = invoiceFile(
      "invoice_id,line_id,organization_id,period,category,amount,vat,off,currency\n"
        + "I,1,acme,2026-10,purchase,9.00,1.71,1.00,EUR\nI,2,acme,2026-10,purchase,1.00,,,EUR\n"
        + "I,Sum,,,,10.00,1.71,1.00,\n", mapping)
    #expect(file.problems == [])
    #expect(file.totals.map { "\($0.kind) \($0.amount) \($0.sum(of: file.lines))" } == ["net 9 9", "tax 1.71 1.71"])
  }

  @Test("A column repeats the total of its invoice; two totals of one invoice are refused")
  func totalColumn() {
    let header = "invoice_id,line_id,organization_id,period,category,amount,currency,invoice_total\n"
    let file = invoiceFile(
      header + "I,1,acme,2026-10,purchase,9.00,EUR,10.00\nI,2,acme,2026-10,purchase,1.00,EUR,10.00\n")
    #expect(file.totals.map { "\($0.invoice) \($0.kind) \($0.amount)" } == ["I total 10"])
    let two = invoiceFile(
      header + "I,1,acme,2026-10,purchase,9.00,EUR,10.00\nI,2,acme,2026-10,purchase,1.00,EUR,11.00\n")
    #expect(two.problems == ["invoice I has more than one total in the file: 10.00 EUR and 11.00 EUR"])
  }
}
