import FoundationEssentials
import QuotaCore
import Reports
import Testing

@Suite("The reconciliation as a table")
struct ReconciliationTableTests {
  @Test("is CSV with a row for each entry")
  func csv() throws {
    #expect(
      try reconciliationText([ExampleReconciledMonth.acme.reconciled()], .csv) == """
        schema_version,organization_id,organization_name,period,period_time_zone,period_status,invoice_id,\
        invoice_line_id,invoice_issue_status,charge_category,metric,currency,vendor_usage_quantity,ledger_quantity,\
        invoiced_quantity,quantity_variance,expected_amount,invoiced_amount,amount_variance,amount_variance_percent,\
        quantity_tolerance,amount_tolerance,status,reason,price_plan,snapshot_id,closed_at_utc,reconciled_at_utc,note
        1,acme,Acme Corp,2026-10,UTC,closed,INV-1,1,issued,usage,pages,EUR,12345,12300,12350,5,123.45,123.50,0.05,0.04,\
        0,0.01,over_billed,quantity_variance,growth@2026-07-01,7,2026-11-04T09:00:00.000Z,2026-11-05T10:30:00.250Z,\
        "5 pages more than the vendor's 12345, 0.05 EUR"
        1,acme,Acme Corp,2026-10,UTC,closed,,,,usage,conversions,EUR,678,,,,13.56,,-13.56,-100.00,,,missing_invoice,,\
        growth@2026-07-01,7,2026-11-04T09:00:00.000Z,2026-11-05T10:30:00.250Z,\
        "no invoice has 678 conversions, 13.56 EUR"
        1,acme,Acme Corp,2026-10,UTC,closed,INV-1,2|3,issued,purchase,,EUR,,,,,99.00,99.00,0.00,0.00,,0.01,matched,,\
        growth@2026-07-01,7,2026-11-04T09:00:00.000Z,2026-11-05T10:30:00.250Z,
        1,acme,Acme Corp,2026-10,UTC,closed,INV-1,4,issued,credit,,EUR,,,,,,-10.00,,,,,accepted,credit,\
        growth@2026-07-01,7,2026-11-04T09:00:00.000Z,2026-11-05T10:30:00.250Z,\
        a credit of 10.00 EUR; accepted by ana on 2026-11-05: agreed by mail

        """)
  }

  @Test("is CSV for Excel with a byte order mark, semicolons, decimal commas and CRLF")
  func excel() throws {
    let bytes = try reconciliation([ExampleReconciledMonth.acme.reconciled()], .csvExcel)
    #expect(bytes.starts(with: [0xEF, 0xBB, 0xBF]))
    let lines = String(decoding: bytes.dropFirst(3), as: UTF8.self).split(
      separator: "\r\n", omittingEmptySubsequences: false)
    #expect(lines.count == 6 && lines.last == "")
    #expect(lines[0].hasPrefix("schema_version;organization_id;organization_name;period;"))
    #expect(
      lines[1] == """
        1;acme;Acme Corp;2026-10;UTC;closed;INV-1;1;issued;usage;pages;EUR;12345;12300;12350;5;123,45;123,50;0,05;0,04;\
        0;0,01;over_billed;quantity_variance;growth@2026-07-01;7;2026-11-04T09:00:00.000Z;2026-11-05T10:30:00.250Z;\
        5 pages more than the vendor's 12345, 0.05 EUR
        """)
  }

  @Test("is JSON Lines with amounts as text")
  func jsonLines() throws {
    let month = ExampleReconciledMonth(
      organization: nil, name: nil, month: nil, periodStatus: nil, pricePlan: nil, snapshot: nil, closedAt: nil,
      entries: [
        ExampleEntry(
          category: nil, metric: nil, currency: "KWD", lines: ["INV-1/1", "INV-2/a\"b"], vendor: 3,
          invoicedQuantity: "3.5", invoiced: "0.12345", status: .notComparable, reason: .unknownLine,
          explanation: "no organization is called \"x\"")
      ])
    #expect(
      try reconciliationText([month.reconciled()], .jsonl) == #"""
        {"schema_version":1,"organization_id":null,"organization_name":null,"period":null,"period_time_zone":"UTC",\#
        "period_status":null,"invoice_id":"INV-1|INV-2","invoice_line_id":"1|a\"b","invoice_issue_status":"issued",\#
        "charge_category":null,"metric":null,"currency":"KWD","vendor_usage_quantity":3,"ledger_quantity":null,\#
        "invoiced_quantity":"3.5","quantity_variance":null,"expected_amount":null,"invoiced_amount":"0.12345",\#
        "amount_variance":null,"amount_variance_percent":null,"quantity_tolerance":null,"amount_tolerance":null,\#
        "status":"not_comparable","reason":"unknown_line","price_plan":null,"snapshot_id":null,"closed_at_utc":null,\#
        "reconciled_at_utc":"2026-11-05T10:30:00.250Z","note":"no organization is called \"x\"",\#
        "row":"line/INV-1/1","shown":"not_comparable unknown_line KWD 3 - 3.5 - 0.12345"}

        """#)
  }

  @Test(
    "defuses texts that a spreadsheet would run, and never numbers",
    arguments: [(ReconciliationFormat.csv, ",", "."), (.csvExcel, ";", ",")])
  func formulas(format: ReconciliationFormat, delimiter: String, point: String) throws {
    var month = ExampleReconciledMonth.acme
    month.name = "=1+1"
    month.entries = [
      ExampleEntry(quantityVariance: "-5", invoiced: "-1.5", variance: "-1.5", explanation: "-5 pages")
    ]
    let row = try #require(try reconciliationText([month.reconciled()], format).split(whereSeparator: \.isNewline).last)
    #expect(row.contains("\(delimiter)'=1+1\(delimiter)"))
    #expect(row.hasSuffix("\(delimiter)'-5 pages"))
    let number = "-1\(point)50"
    #expect(row.contains("\(delimiter)-5\(delimiter)\(delimiter)\(number)\(delimiter)\(number)\(delimiter)"))
  }

  @Test(
    "has no cell that is longer than Excel takes, and JSON Lines have the whole",
    arguments: [ReconciliationFormat.csv, .csvExcel])
  func longCells(format: ReconciliationFormat) throws {
    var month = ExampleReconciledMonth.acme
    let (long, formula) = (String(repeating: "😀ä", count: 20_000), "=" + String(repeating: "x", count: 40_000))
    month.name = formula
    month.entries = [ExampleEntry(explanation: long)]
    let text = try reconciliationText([month.reconciled()], format)
    let cells = text.split(whereSeparator: \.isNewline).flatMap { $0.split(separator: format == .csv ? "," : ";") }
    #expect(cells.allSatisfy { $0.utf16.count <= 32_767 })
    #expect(cells.contains { $0.hasPrefix("😀ä") && $0.hasSuffix("…") && $0.utf16.count > 32_760 })
    #expect(cells.contains { $0.hasPrefix("'=x") && $0.hasSuffix("…") && $0.utf16.count == 32_767 })
    let whole = try reconciliationText([month.reconciled()], .jsonl)
    #expect(whole.contains(long) && whole.contains(formula))
  }

  @Test("without a month has its header and nothing else")
  func empty() throws {
    #expect(try reconciliationText([], .csv).split(separator: "\n").count == 1)
    #expect(try reconciliationText([], .jsonl).isEmpty)
  }

  @Test("gives the same bytes for the same data, in pieces", arguments: ReconciliationFormat.allCases)
  func streaming(format: ReconciliationFormat) throws {
    let month = try ExampleReconciledMonth.acme.reconciled()
    let months = Array(repeating: month, count: 1_000)
    var pieces: [[UInt8]] = []
    var report = ReconciliationReport(
      format: format, zone: .gmt, zoneName: "UTC", reconciledAt: Date(timeIntervalSince1970: 0)
    ) { pieces.append(Array($0)) }
    for month in months { try report.write(month) }
    // Deflate makes little of a thousand months that are the same, and statements wait for their overview.
    #expect(format == .xlsx || format == .html || pieces.count > 1)
    try report.finish()
    #expect(pieces.allSatisfy { !$0.isEmpty && $0.count < 256 << 10 })
    #expect(try reconciliation(months, format) == reconciliation(months, format))
  }
}
