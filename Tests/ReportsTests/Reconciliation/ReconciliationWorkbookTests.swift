import Foundation
import QuotaCore
import Testing

@testable import Reports

@Suite("The reconciliation as a workbook")
struct ReconciliationWorkbookTests {
  @Test("is opened by LibreOffice with the values of the CSV", .timeLimit(.minutes(3)))
  func libreOffice() throws {
    var month = ExampleReconciledMonth.acme
    month.name = "=1+1 <Äcme> & \"Sons\"_x0041_ 日本"
    month.entries.append(
      ExampleEntry(
        currency: "KWD", vendor: 9_007_199_254_740_993, invoicedQuantity: "-3.5", invoiced: "-1234.567",
        status: .notComparable))
    let months = [try month.reconciled()]
    let rows = try converted(months)
    var expected = try reconciliationText(months, .csv)
    // Headings and words as people read them, and values as they are edited: no apostrophe, dates as dates, numbers without
    // trailing zeros; the totals at the end.
    for (written, edited) in [
      ("'=1+1", "=1+1"), (",2026-10,", ",10/01/2026,"), ("2026-11-04T09:00:00.000Z", "2026-11-04 09:00:00"),
      ("2026-11-05T10:30:00.250Z", "2026-11-05 10:30:00"), (",123.50,", ",123.5,"),
      (",99.00,99.00,0.00,0.00,", ",99,99,0,0,"), (",-10.00,", ",-10,"), (",-100.00,", ",-100,"),
      (",closed,", ",Closed,"),
      (",issued,", ",Issued,"), (",usage,", ",Usage,"), (",purchase,", ",Purchase,"), (",credit,,EUR", ",Credit,,EUR"),
      (",pages,", ",Pages,"), (",conversions,", ",Conversions,"),
      ("over_billed,quantity_variance", "▲ Over-billed,the quantities differ"),
      (",missing_invoice,", ",○ Not invoiced,"), (",matched,", ",✓ Matched,"), (",accepted,", ",✓ Accepted,"),
      (",not_comparable,", ",? Not comparable,"),
    ] { expected = expected.replacing(written, with: edited) }
    let lines = expected.split(separator: "\n")
    let headings = ReconciliationColumn.ofTables.map(\.heading).joined(separator: ",")
    expected =
      ([headings] + lines.dropFirst().map(String.init) + [
        ",,Total,,,,,,,,,EUR,,,,,236.01,212.5,-13.51,,,,,,,,,,", ",,Total,,,,,,,,,KWD,,,,,,-1234.567,,,,,,,,,,,",
      ]).joined(separator: "\n") + "\n"
    #expect(rows == expected)
  }

  @Test(
    "has numbers, dates and texts as such, the header frozen, filters, and fits a page in landscape",
    .timeLimit(.minutes(5)))
  func parts() throws {
    let sheet = try part(
      "xl/worksheets/sheet1.xml", of: reconciliation([ExampleReconciledMonth.acme.reconciled()], .xlsx))
    #expect(sheet.contains("<pane ySplit=\"1\" topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/>"))
    #expect(sheet.contains("<autoFilter ref=\"A1:AC5\"/>"))
    #expect(sheet.contains("<col min=\"29\" max=\"29\" width=\"42\" customWidth=\"1\"/>"))
    #expect(sheet.contains("<col min=\"1\" max=\"1\" width=\"10\" customWidth=\"1\" hidden=\"1\" outlineLevel=\"1\"/>"))
    #expect(sheet.contains("<sheetPr><pageSetUpPr fitToPage=\"1\"/></sheetPr>"))
    #expect(sheet.contains("<pageSetup paperSize=\"9\" orientation=\"landscape\" fitToWidth=\"1\" fitToHeight=\"0\"/>"))
    #expect(sheet.contains("<c r=\"B2\" s=\"0\" t=\"inlineStr\"><is><t xml:space=\"preserve\">acme</t></is></c>"))
    #expect(sheet.contains("<c r=\"M2\" s=\"5\"><v>12345</v></c>"))
    #expect(sheet.contains("<c r=\"R2\" s=\"7\"><v>123.5</v></c>"))
    // What is wrong stands out, and so does the total.
    #expect(
      sheet.contains("<c r=\"W2\" s=\"18\" t=\"inlineStr\"><is><t xml:space=\"preserve\">▲ Over-billed</t></is></c>"))
    #expect(sheet.contains("<c r=\"W4\" s=\"16\" t=\"inlineStr\"><is><t xml:space=\"preserve\">✓ Matched</t></is></c>"))
    #expect(sheet.contains("<c r=\"R6\" s=\"22\"><v>212.5</v></c>"))
    // 2026-10-01, and 2026-11-05 10:30:00.250, in days since 1899-12-30.
    #expect(sheet.contains("<c r=\"D2\" s=\"3\"><v>46296</v></c>"))
    #expect(sheet.contains("<c r=\"AB2\" s=\"4\"><v>46331.4375028935</v></c>"))
  }

  @Test("shows first what it comes to, by status and by organization", .timeLimit(.minutes(3)))
  func summary() throws {
    var globex = ExampleReconciledMonth.acme
    (globex.organization, globex.name) = ("globex", "Globex")
    globex.entries = [
      ExampleEntry(currency: "JPY", expected: "1200", invoiced: "1200", variance: "0"),
      ExampleEntry(expected: "1", invoiced: "1", variance: "0"),
    ]
    let rows = try converted([ExampleReconciledMonth.acme.reconciled(), globex.reconciled()], sheet: "Summary")
    #expect(
      rows == """
        DocuTray usage and invoices 2026-10,,,,,,,,,
        "Reconciled 2026-11-05, months in UTC",,,,,,,,,
        ,,,,,,,,,
        Status,Currency,Rows,Expected,Invoiced,Difference,,,,
        ▲ Over-billed,EUR,1,123.45,123.5,0.05,,,,
        ○ Not invoiced,EUR,1,13.56,,-13.56,,,,
        ✓ Matched,EUR,2,100,100,0,,,,
        ✓ Matched,JPY,1,1200,1200,0,,,,
        ✓ Accepted,EUR,1,,-10,,,,,
        Total,EUR,5,237.01,213.5,-13.51,,,,
        Total,JPY,1,1200,1200,0,,,,
        ,,,,,,,,,
        Organization,Currency,Rows,Expected,Invoiced,Difference,▲ Over-billed,○ Not invoiced,✓ Matched,✓ Accepted
        Acme Corp,EUR,4,236.01,212.5,-13.51,1,1,1,1
        Globex,EUR,1,1,1,0,,,1,
        Globex,JPY,1,1200,1200,0,,,1,
        Total,EUR,5,237.01,213.5,-13.51,1,1,2,1
        Total,JPY,1,1200,1200,0,0,0,1,0

        """)
  }

  @Test("begins another sheet when one is full", .timeLimit(.minutes(5)))
  func sheets() throws {
    var bytes: [UInt8] = []
    var workbook = Workbook("Reconciliation", ReconciliationColumn.ofTables, maximumRows: 3) { bytes += $0 }
    for row in 1...5 { try workbook.addRow { $0 == .schemaVersion ? .number("\(row)", .whole) : .empty } }
    try workbook.finish(totals: [], summary: SummarySheet("Summary", widths: [10]))
    for (sheet, last) in [(1, 3), (2, 3), (3, 2)] {
      #expect(try part("xl/worksheets/sheet\(sheet).xml", of: bytes).contains("<autoFilter ref=\"A1:AC\(last)\"/>"))
    }
    #expect(
      try part("xl/workbook.xml", of: bytes).contains("<sheet name=\"Reconciliation 3\" sheetId=\"3\" r:id=\"rId3\"/>"))
  }

  @Test("is well-formed whatever texts there are, and gives them back", .timeLimit(.minutes(5)))
  func hostile() throws {
    let texts = hostileTexts()
    let months = try texts.map {
      try ExampleReconciledMonth(entries: [ExampleEntry(explanation: $0)]).reconciled()
    }
    let found = try python(
      reconciliation(months, .xlsx),
      """
      import re, xml.etree.ElementTree as tree
      root = tree.fromstring(archive.read('xl/worksheets/sheet1.xml'))
      space = '{http://schemas.openxmlformats.org/spreadsheetml/2006/main}'
      rows = [[c for c in row if c.get('r').startswith('AC')] for row in root.iter(space + 'row')][1:-1]
      plain = lambda text: re.sub('_x([0-9A-F]{4})_', lambda m: chr(int(m.group(1), 16)), text)
      result = [plain(row[0].find('.//' + space + 't').text) for row in rows]
      """)
    #expect(
      try JSONDecoder().decode([String].self, from: Data(found.utf8)).map { Array($0.utf8) }
        == texts.map { Array($0.utf8) })
  }

  /// A part of a workbook as text.
  private func part(_ name: String, of workbook: [UInt8]) throws -> String {
    try JSONDecoder().decode(
      String.self, from: Data(try python(workbook, "result = archive.read('\(name)').decode()").utf8))
  }

  /// Lets Python set `result` from the archive, all of whose checksums it has verified.
  private func python(_ workbook: [UInt8], _ program: String) throws -> String {
    try ReaderProgram.inFolder { folder in
      try Data(workbook).write(to: folder.appending(path: "report.xlsx"))
      let answer = try ReaderProgram.python.run(
        [
          "-c",
          "import json, zipfile\narchive = zipfile.ZipFile('report.xlsx')\nassert archive.testzip() is None\n"
            + program + "\nprint(json.dumps(result))",
        ], in: folder)
      #expect(answer.code == 0, "\(answer.errors)")
      return answer.output
    }
  }

  /// The workbook as LibreOffice writes it in CSV.
  private func converted(_ months: [ReconciledMonth], sheet: String = "Reconciliation") throws -> String {
    try ReaderProgram.inFolder { folder in
      try Data(try reconciliation(months, .xlsx)).write(to: folder.appending(path: "report.xlsx"))
      let answer = try ReaderProgram.libreOffice.run(
        [
          "-env:UserInstallation=\(folder.appending(path: "profile").absoluteString)", "--headless", "--convert-to",
          "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1", "report.xlsx",
        ], in: folder)
      #expect(answer.code == 0, "\(answer.errors)")
      return try String(decoding: Data(contentsOf: folder.appending(path: "report-\(sheet).csv")), as: UTF8.self)
    }
  }
}
