import FoundationEssentials
import TestSupport
import Testing

@testable import QuotaCore

@Suite("A workbook of invoices")
struct WorkbookReaderTests {
  /// An archive whose members are stored as they are.
  private func archive(_ members: [(name: String, text: String)], claiming size: Int? = nil, flags: UInt8 = 0)
    -> [UInt8]
  {
    func number(_ value: Int, _ length: Int) -> [UInt8] { (0..<length).map { UInt8(value >> (8 * $0) & 0xFF) } }
    var bytes: [UInt8] = []
    var directory: [UInt8] = []
    for (name, text) in members {
      let (name, text) = (Array(name.utf8), Array(text.utf8))
      let place = bytes.count
      let sizes =
        number(0, 4) + number(text.count, 4) + number(size ?? text.count, 4) + number(name.count, 2) + number(0, 2)
      bytes += Array("PK\u{3}\u{4}".utf8) + number(20, 2) + [flags, 0] + number(0, 6) + sizes + name + text
      directory += Array("PK\u{1}\u{2}".utf8) + number(20, 4) + [flags, 0] + number(0, 6) + sizes + number(0, 2)
      directory += number(0, 8) + number(place, 4) + name
    }
    let end = number(0, 4) + number(members.count, 2) + number(members.count, 2) + number(directory.count, 4)
    return bytes + directory + Array("PK\u{5}\u{6}".utf8) + end + number(bytes.count, 4) + number(0, 2)
  }

  private func members(_ rows: String, properties: String = "") -> [(name: String, text: String)] {
    [
      (
        "xl/workbook.xml",
        """
        <?xml version="1.0"?><workbook xmlns:r="r">\(properties)<sheets><sheet name="Lines &amp; more" sheetId="1" r:id="rId1"/>\
        <sheet name="Other" sheetId="2" r:id="rId2"/></sheets></workbook>
        """
      ),
      (
        "xl/_rels/workbook.xml.rels",
        """
        <Relationships><Relationship Id="rId2" Target="/xl/worksheets/sheet2.xml"/>\
        <Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>
        """
      ),
      (
        "xl/styles.xml",
        """
        <styleSheet><numFmts><numFmt numFmtId="164" formatCode="dd\\.mm\\.yyyy"/><numFmt numFmtId="165" formatCode="0.00&quot; days&quot;"/>\
        </numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="165"/>\
        <xf numFmtId="22"/></cellXfs></styleSheet>
        """
      ),
      (
        "xl/sharedStrings.xml",
        "<sst><si><t>plain</t></si><si><r><t>rich </t></r><r><t>text</t></r><rPh><t>no</t></rPh></si></sst>"
      ),
      ("xl/worksheets/sheet1.xml", "<worksheet><sheetData>\(rows)</sheetData></worksheet>"),
      ("xl/worksheets/sheet2.xml", "<worksheet><sheetData><row><c><v>7</v></c></row></sheetData></worksheet>"),
    ]
  }

  private func read(_ bytes: [UInt8], sheet: String? = nil) throws -> [TableRow] {
    var reader = try WorkbookReader(bytes) { _, _ in nil }
    return try reader.rows(ofSheet: sheet)
  }

  private func problem(_ bytes: [UInt8], sheet: String? = nil) -> String? {
    do {
      _ = try read(bytes, sheet: sheet)
      return nil
    } catch {
      return (error as? WorkbookReader.Problem)?.message
    }
  }

  @Test("has texts, numbers and dates as they are stored, at their places")
  func cells() throws {
    let rows = try read(
      archive(
        members(
          """
          <row r="3"><c r="B3" t="s"><v>0</v></c><c r="C3" t="s"><v>1</v></c><c r="AA3" t="inlineStr"><is><t> a&lt;b </t></is></c></row>
          <row r="4"/><row r="5"><c r="A5" s="1"><v>46296</v></c><c r="B5" s="2"><v>1.5</v></c><c r="C5" s="3"><v>46296.5</v></c>
          <c r="D5"><f>A1*2</f><v>219.00000000000003</v></c><c r="E5"><v>1.2E-2</v></c><c r="F5" t="str"><f>X</f><v>x</v></c>
          <c r="G5" t="b"><v>1</v></c><c r="H5" s="1"/></row>
          """)))
    #expect(rows.map(\.number) == [3, 5])
    #expect(rows[0].cells.count == 27)
    #expect(rows[0].cells.compactMap(\.self) == [.text("plain"), .text("rich text"), .text("a<b")])
    #expect(
      rows[1].cells.prefix(7).map { $0?.text } == [
        "2026-10-01", "1.5", "2026-10-01 12:00:00", "219", "0.012", "x", "true",
      ])
    #expect(rows[1].cells[3] == .number("219"))
    #expect(rows[1].cells[7] == nil)
  }

  @Test("may begin its days in 1904, and have several sheets")
  func variants() throws {
    let bytes = archive(
      members(#"<row r="1"><c r="A1" s="1"><v>44834</v></c></row>"#, properties: #"<workbookPr date1904="1"/>"#))
    #expect(try read(bytes).first?.cells.first??.text == "2026-10-01")
    #expect(try read(bytes, sheet: "Other").first?.cells.first??.text == "7")
    #expect(problem(bytes, sheet: "Othr") == #"it has no sheet "Othr"; did you mean "Other"?"#)
  }

  @Test(
    "keeps why a cell cannot be read, for who reads its column",
    arguments: [
      (#"<c r="B2"><f>A1</f></c>"#, "cell B2 has a formula without a stored value; save the workbook in a spreadsheet"),
      (
        #"<c r="B2"><f>A1</f><v/></c>"#,
        "cell B2 has a formula without a stored value; save the workbook in a spreadsheet"
      ),
      (##"<c r="B2" t="e"><v>#N/A</v></c>"##, "cell B2 has the error #N/A"),
      (#"<c r="B2" t="s"><v>9</v></c>"#, "cell B2 has a text that is missing"),
      (#"<c r="B2" s="1"><v>-1</v></c>"#, "cell B2 has a date that there is not"),
      (#"<c r="B2" s="1"><v>0</v></c>"#, "cell B2 has a date that there is not"),
    ])
  func unreadable(cell: String, why: String) throws {
    let rows = try read(archive(members("<row r=\"2\">\(cell)</row>")))
    #expect(rows.first?.cells.last == .unreadable(why))
  }

  @Test("takes a value without anything in it, and a formula that comes to an empty text, for an empty cell")
  func emptyValues() throws {
    let cells = #"<c r="A1"><v></v></c><c r="B1" t="str"><f>""</f><v></v></c><c r="C1"><v>1</v></c>"#
    #expect(try read(archive(members("<row r=\"1\">\(cells)</row>"))).first?.cells == [nil, nil, .number("1")])
  }

  @Test("has what a cell says without escapes, phonetic texts and what a sum of doubles leaves")
  func plainTexts() throws {
    func value(_ cell: String) throws -> InvoiceCell? {
      try read(archive(members("<row>\(cell)</row>"))).first?.cells.first ?? nil
    }
    #expect(try value("<c t=\"str\"><v>acme_x000D_</v></c>") == .text("acme"))
    #expect(try value("<c t=\"str\"><v>a_x0041_b_x005F_x0041_</v></c>") == .text("aAb_x0041_"))
    #expect(try value("<c t=\"str\"><v>_x00_ _xyzzy_</v></c>") == .text("_x00_ _xyzzy_"))
    #expect(
      try value("<c t=\"inlineStr\"><is><r><t>ac</t></r><r><t>me</t></r><rPh><t>no</t></rPh></is></c>") == .text("acme")
    )
    #expect(try value("<c><v>5.6843418860808015E-14</v></c>") == .number("0"))
    #expect(try value("<c><v>0.0000000001</v></c>") == .number("0.0000000001"))
  }

  @Test(
    "has days as ISO 8601, too, which may stand for a month with a time or without",
    arguments: ["t=\"d\"><v>2026-10-31", "t=\"d\"><v>2026-10-31T23:00:00", "s=\"3\"><v>46326.99999"])
  func months(cell: String) throws {
    let names = ["invoice_id", "organization_id", "period", "amount", "currency"]
    let header = names.map { "<c t=\"str\"><v>\($0)</v></c>" }.joined()
    let row = ["t=\"str\"><v>I", "t=\"str\"><v>acme", cell, "><v>1.5", "t=\"str\"><v>EUR"].map {
      "<c \($0)</v></c>"
    }.joined()
    let bytes = archive(members("<row>\(header)</row><row>\(row)</row>"))
    let file = ReadInvoiceFile(bytes, mapping: try invoiceMapping(#"{ "extends": "plain" }"#))
    #expect(file.problems == [])
    #expect(file.lines.first?.content.month == BillingMonth("2026-10"))
  }

  @Test("has the second that has begun of a moment, without what a double adds to it")
  func seconds() throws {
    let cells = #"<c r="A1" s="1"><v>46295.99999996528</v></c><c r="B1" s="1"><v>46295.3333333333</v></c>"#
    let row = try read(archive(members("<row r=\"1\">\(cells)</row>"))).first
    #expect(row?.cells.map { $0?.text } == ["2026-09-30 23:59:59", "2026-09-30 08:00:00"])
  }

  @Test("has its first sheet that is not hidden")
  func hiddenSheet() throws {
    let bytes = archive(
      members("").map { name, text in
        (
          name,
          name == "xl/workbook.xml"
            ? text.replacing("<sheet name=", with: #"<sheet state="hidden" name="#, maxReplacements: 1) : text
        )
      })
    #expect(try read(bytes).first?.cells.first??.text == "7")
  }

  @Test("is refused with the reason and the cell")
  func refused() {
    func sheet(_ cell: String) -> [UInt8] { archive(members("<row r=\"2\">\(cell)</row>")) }
    #expect(problem(sheet(#"<c r="ZZZ2"><v>1</v></c>"#))?.contains("beyond the last column") == true)
    #expect(problem(sheet("<c"))?.contains("sheet1.xml cannot be read") == true)
    #expect(problem(archive(members("") + [("x", "<!DOCTYPE x>")])) == nil)
    #expect(
      problem(archive([("xl/workbook.xml", "<!DOCTYPE x [<!ENTITY a \"b\">]><workbook/>")]))?.contains("document type")
        == true)
    #expect(problem(archive([("word/document.xml", "")]))?.contains("no workbook of Excel") == true)
    #expect(problem(archive(members(""), claiming: 1 << 31))?.contains("too large when it is unpacked") == true)
    #expect(problem(archive(members(""), flags: 1))?.contains("encrypted") == true)
    #expect(problem(Array(archive(members("")).dropLast(30)))?.contains("damaged") == true)
  }

  @Test("is read by a mapping like any table, by the numbers of its rows")
  func file() throws {
    let names = ["invoice_id", "line_id", "organization_id", "period", "category", "amount", "currency"]
    func row(_ number: Int, _ cells: [String]) -> String {
      let letters = Array("ABCDEFG")
      return "<row r=\"\(number)\">"
        + cells.enumerated().map { "<c r=\"\(letters[$0])\(number)\"\($1)</c>" }.joined() + "</row>"
    }
    func text(_ text: String) -> String { " t=\"str\"><v>\(text)</v>" }
    func bytes(_ amount: String) -> [UInt8] {
      archive(
        members(
          row(4, names.map(text))
            + row(
              5, [text("I"), "><v>7</v>", text("acme"), " s=\"1\"><v>46296</v>", text("purchase"), amount, text("EUR")])
        ))
    }
    let mapping = try invoiceMapping(#"{ "extends": "plain", "decimal": ",", "skip_before": 3 }"#)
    func file(_ amount: String, _ sheet: String? = nil) -> ReadInvoiceFile {
      ReadInvoiceFile(bytes(amount), mapping: mapping, sheet: sheet)
    }
    let read = file("><v>9.5</v>")
    #expect(read.problems == [])
    #expect(read.lines.map(\.key.line) == ["7"])
    #expect(read.lines.map(\.content.amount.description) == ["9.5"])
    #expect(read.lines.map(\.content.month?.description) == ["2026-10"])
    #expect(file(" s=\"1\"><v>46296</v>").problems == ["row 5: amount is the date 2026-10-01, and no number"])
    #expect(file(text("9.5")).problems.first?.hasPrefix("row 5: amount \"9.5\" is not a number") == true)
    #expect(file("><v>1</v>", "None").problems.first?.contains("no sheet \"None\"") == true)
  }

  @Test(
    "A file of another kind is refused with what to do",
    arguments: [
      ("%PDF-1.7\n", "ask the vendor for CSV"), ("<?xml version=\"1.0\"?><Invoice/>", "XML or HTML"),
      ("\u{FEFF}<rsm:CrossIndustryInvoice>", "XML or HTML"), ("<html>", "XML or HTML"),
    ])
  func otherKinds(text: String, advice: String) {
    #expect(invoiceFile(text).problems.count == 1)
    #expect(invoiceFile(text).problems.first?.contains(advice) == true)
  }
}
