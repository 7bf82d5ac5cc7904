import Foundation
import QuotaCore
import Reports
import TestSupport
import Testing

@testable import QuotaService

@Suite("Reconciling from end to end")
struct ReconciliationScenarios {
  private static let header = "invoice_id,line_id,organization_id,period,category,metric,quantity,amount,currency\n"
  private static let plans = """
    { "pro": { "currency": "EUR", "tax_percent": "19", "charges": [
      { "model": "flat", "amount": "99.00" }, { "model": "unit", "metric": "pages", "unit_price": "0.01" }] } }
    """

  private static func october() throws -> BillingMonth { try #require(BillingMonth("2026-10")) }

  /// Three organizations with a plan, whose October was closed on the fifth of November.
  private static func closed(
    _ body: (Installation, Setup) async throws -> Void
  ) async throws {
    let ids = ["acme", "globex", "initech"]
    try await Installation.run(ids, at: "2026-11-05T12:00:00Z") { installation in
      for id in ids { installation.use(1_000, conversions: 3, of: id, in: "2026-10") }
      let service = try installation.service(
        organizations: ids, plans: plans, members: #", "plan": "pro""#, rules: "[]")
      _ = try await service.close(CloseMonth.Options(month: try october(), by: "ana"))
      try await body(installation, service)
    }
  }

  private static func importInvoices(_ lines: String, in installation: Installation, _ service: Setup) async throws {
    let file = installation.folder.appending(path: "october.csv")
    try Data((header + lines).utf8).write(to: file)
    _ = try await service.importInvoices(ImportInvoices.Options(path: file.path, by: "ana"))
  }

  private static func report(
    _ installation: Installation, _ service: Setup, _ format: ReconciliationFormat = .jsonl, asOf: Date? = nil
  ) async throws -> (text: String, summary: ReconciliationSummary) {
    let file = installation.folder.appending(path: "report")
    let summary = try await service.exportReconciliation(
      ReconciliationRequest(try october()...october(), format: format, asOf: asOf), to: .file(path: file.path))
    return (try String(contentsOf: file, encoding: .utf8), summary)
  }

  /// The rows as texts such as `acme usage pages matched`.
  private static func rows(_ text: String) throws -> [String] {
    struct Row: Decodable {
      let organization_id: String?
      let charge_category: String?
      let metric: String?
      let status: String
      let reason: String?
    }
    return try text.split(separator: "\n").map { line in
      let row = try JSONDecoder().decode(Row.self, from: Data(line.utf8))
      return [row.organization_id ?? "-", row.charge_category ?? "-", row.metric, row.status, row.reason]
        .compactMap(\.self).joined(separator: " ")
    }
  }

  private static let invoices = """
    INV-1,1,acme,2026-10,usage,pages,1000,10.00,EUR
    INV-1,2,acme,2026-10,purchase,,,99.00,EUR
    INV-1,3,acme,2026-10,tax,,,20.71,EUR
    INV-2,1,globex,2026-10,usage,pages,1100,11.00,EUR
    INV-2,2,globex,2026-10,purchase,,,99.00,EUR
    INV-2,3,globex,2026-10,tax,,,20.90,EUR
    INV-3,1,umbrella,2026-10,usage,pages,5,0.05,EUR

    """

  @Test("says of every organization whether the invoice is right")
  func report() async throws {
    try await Self.closed { installation, service in
      try await Self.importInvoices(Self.invoices, in: installation, service)
      let (text, summary) = try await Self.report(installation, service)
      #expect(
        try Self.rows(text) == [
          "acme usage conversions matched", "acme usage pages matched", "acme purchase matched", "acme tax matched",
          "globex usage conversions matched", "globex usage pages over_billed quantity_variance",
          "globex purchase matched", "globex tax over_billed tax",
          "initech usage conversions matched", "initech usage pages missing_invoice",
          "initech purchase missing_invoice",
          "initech tax missing_invoice tax", "- usage pages not_comparable unknown_line",
        ])
      #expect(summary.totals.rows == 13)
      #expect(
        summary.text
          == "13 rows: 7 matched, 2 over_billed, 3 missing_invoice, 1 not_comparable; "
          + "invoiced less expected: −128.52 EUR; not compared: 0.05 EUR invoiced")
      #expect(summary.contains([.overBilled]))
      #expect(!summary.contains([.disputed]))
    }
  }

  @Test("gives the same bytes again, at the time that it is given")
  func deterministic() async throws {
    try await Self.closed { installation, service in
      try await Self.importInvoices(Self.invoices, in: installation, service)
      let time = installation.clock.date
      for format in ReconciliationFormat.allCases {
        let file = installation.folder.appending(path: "first")
        _ = try await service.exportReconciliation(
          ReconciliationRequest(try Self.october()...Self.october(), format: format, asOf: time),
          to: .file(path: file.path))
        let first = try Data(contentsOf: file)
        #expect(!first.isEmpty)
        installation.clock.advance(by: .seconds(3_600))
        _ = try await service.exportReconciliation(
          ReconciliationRequest(try Self.october()...Self.october(), format: format, asOf: time),
          to: .file(path: file.path))
        #expect(try Data(contentsOf: file) == first, "\(format)")
      }
    }
  }

  @Test("takes a month as over that was closed without force, whatever the time of the report")
  func closedIsOver() async throws {
    try await Self.closed { installation, service in
      try await Self.importInvoices(Self.invoices, in: installation, service)
      let early = try await Self.report(installation, service, asOf: moment("2026-10-20T00:00"))
      #expect(early.summary.totals.rows(of: .pending) == 0)
      #expect(early.summary.totals.rows(of: .missingInvoice) == 3)
    }
  }

  @Test("holds a closed month against the plan that it was closed with, whatever is configured since")
  func closedPlan() async throws {
    try await Self.closed { installation, service in
      try await Self.importInvoices(Self.invoices, in: installation, service)
      let before = try await Self.report(installation, service, asOf: moment("2026-11-06T00:00")).text
      let plans = #"{ "new": { "currency": "USD", "charges": [{ "model": "flat", "amount": "1.00" }] }, "#
      let edited = try installation.service(
        organizations: ["globex"], plans: plans + Self.plans.trimmingPrefix { $0 != "\"" },
        members: #", "plan": "new""#, rules: "[]")
      #expect(try await Self.report(installation, edited, asOf: moment("2026-11-06T00:00")).text == before)
      let without = try installation.service(
        organizations: ["globex"], plans: plans.replacing("}, ", with: "} }"), members: #", "plan": "new""#,
        rules: "[]")
      let gone = try await Self.report(installation, without, asOf: moment("2026-11-06T00:00"))
      #expect(gone.summary.totals.statuses == [.notComparable])
      #expect(gone.text.contains("closed with the plan pro, which is not in the configuration any more"))
    }
  }

  @Test("shows of a closed month the days up to the reading that it was closed with")
  func closedDays() async throws {
    try await Self.closed { installation, service in
      installation.use(8_765, of: "acme", in: "2026-10")
      installation.advance(by: .seconds(7_200))
      _ = try await service.collect(CollectUsage.Options())
      #expect(try await service.closings().first?.postCloseChange?.latest.counters.pages == 8_765)
      let statement = try await Self.report(installation, service, .html).text
      #expect(statement.contains("1,000"))
      #expect(!statement.contains("8,765"))
    }
  }

  @Test("keeps what was accepted until the invoice changes")
  func accept() async throws {
    try await Self.closed { installation, service in
      try await Self.importInvoices(Self.invoices, in: installation, service)
      let row = try await service.review(
        "usage/pages", of: "globex", try Self.october(), as: .accepted, note: "agreed", by: "ana")
      #expect(row.status == .accepted)
      let accepted = try await Self.report(installation, service)
      #expect(try Self.rows(accepted.text).contains("globex usage pages accepted quantity_variance"))
      #expect(accepted.text.contains("accepted by ana on 2026-11-05: agreed"))

      try await Self.importInvoices(
        Self.invoices.replacing("1100,11.00", with: "1200,12.00"), in: installation, service)
      let changed = try await Self.report(installation, service)
      #expect(try Self.rows(changed.text).contains("globex usage pages over_billed quantity_variance"))
      #expect(changed.text.contains("accepted by ana on 2026-11-05 when the figures were others"))
    }
  }

  @Test("names the rows where the one that is to be accepted is not there")
  func unknownRow() async throws {
    try await Self.closed { _, service in
      let error = await #expect(throws: ServiceError.self) {
        _ = try await service.review(
          "usage/turnips", of: "acme", try Self.october(), as: .accepted, note: "agreed", by: "ana")
      }
      #expect(error?.status == .usage)
      #expect(
        error?.lines.first
          == "acme has no row \"usage/turnips\" in 2026-10; there are: usage/conversions (matched), "
          + "usage/pages (missing_invoice), purchase (missing_invoice), tax (missing_invoice)")
    }
  }

  /// The months that a report of an organization has rows of.
  private static func months(
    _ from: String, _ to: String, in installation: Installation, _ service: Setup
  ) async throws -> Set<String> {
    let file = installation.folder.appending(path: "report")
    let range = try #require(BillingMonth(from))...(try #require(BillingMonth(to)))
    _ = try await service.exportReconciliation(
      ReconciliationRequest(range, organizations: ["acme"]), to: .file(path: file.path))
    let rows = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").dropFirst()
    return Set(rows.map { String($0.split(separator: ",", omittingEmptySubsequences: false)[3]) })
  }

  @Test("leaves out the months before an organization came, and knows those without a reading since")
  func firstMonths() async throws {
    try await Self.closed { installation, service in
      let before = try await Self.months("2026-01", "2026-09", in: installation, service)
      #expect(before == [])
      let until = try await Self.months("2026-01", "2026-10", in: installation, service)
      #expect(until == ["2026-10"])
      let since = try await Self.months("2026-10", "2026-11", in: installation, service)
      #expect(since == ["2026-10", "2026-11"])
    }
  }

  @Test("An organization that does not exist is refused with the nearest that does")
  func unknownOrganization() async throws {
    try await Self.closed { installation, service in
      let october = try Self.october()
      let file = ReportDestination.file(path: installation.folder.appending(path: "report").path)
      let attempts: [(Setup) async throws -> Void] = [
        {
          _ = try await $0.exportReconciliation(
            ReconciliationRequest(october...october, organizations: ["acm"]), to: file)
        },
        { _ = try await $0.exportUsage(october...october, organizations: ["acm"], format: .csv, to: file) },
        { _ = try await $0.exportFocus(october...october, organizations: ["acm"], version: .v1_2, to: file) },
        { _ = try await $0.closings(months: october...october, organizations: ["acm"]) },
        { _ = try await $0.review("tax", of: "acm", october, as: .accepted, note: "x", by: "ana") },
      ]
      for attempt in attempts {
        let error = await #expect(throws: ServiceError.self) { try await attempt(service) }
        #expect(error?.status == .usage)
        #expect(error?.lines.first?.contains("did you mean \"acme\"?") == true)
      }
    }
  }

  @Test("A month of which nothing at all is known is said to be one, whatever was agreed for it")
  func nothingKnown() async throws {
    try await Self.closed { installation, service in
      let file = ReportDestination.file(path: installation.folder.appending(path: "report").path)
      let far = try #require(BillingMonth("2031-01"))
      let unknown = try await service.exportReconciliation(ReconciliationRequest(far...far), to: file)
      #expect(unknown.knowsNothing)
      #expect(try await service.exportUsage(far...far, format: .csv, to: file) == 0)
      let october = try Self.october()
      let known = try await service.exportReconciliation(ReconciliationRequest(october...october), to: file)
      #expect(!known.knowsNothing)
      let december = try #require(BillingMonth("2026-12"))
      let three = try await service.exportReconciliation(ReconciliationRequest(october...december), to: file)
      #expect(three.unknownMonths == [december])
      #expect(!three.knowsNothing)
    }
  }

  @Test("What an invoice says that it comes to is held against all of its lines, of whatever organizations")
  func totals() async throws {
    try await Self.closed { installation, service in
      let file = installation.folder.appending(path: "october.csv")
      let header = "invoice_id,line_id,organization_id,period,category,amount,currency,invoice_total\n"
      try Data(
        (header + "A,1,acme,2026-10,purchase,99.00,EUR,100.00\nB,1,acme,2026-10,purchase,1.00,EUR,5.00\n"
          + "B,2,globex,2026-10,purchase,1.00,EUR,5.00\nC,1,nobody,2026-10,purchase,1.00,EUR,8.00\n").utf8
      ).write(to: file)
      _ = try await service.importInvoices(ImportInvoices.Options(path: file.path, by: "ana"))
      let rows = try Self.rows(try await Self.report(installation, service).text)
      #expect(rows.contains("acme - over_billed invoice_total"))
      #expect(rows.count { $0 == "- - over_billed invoice_total" } == 2)
      let journal = try await Self.report(installation, service, .hledger).text
      #expect(journal.contains("1.00 EUR"))
      #expect(journal.contains("3.00 EUR"))
    }
  }

  @Test("A workbook that LibreOffice wrote goes through the import, the report and the journal")
  func workbook() async throws {
    try await Self.closed { installation, service in
      let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized
      let mapping = installation.folder.appending(path: "mapping.json")
      try Data(
        #"""
        { "skip_before": 2, "dates": "yyyy-MM-dd", "period_end": "inclusive",
          "columns": { "invoice_id": "Rechnung", "line_id": "Pos", "organization": "Kunde", "period_start": "Von",
            "period_end": "Bis", "metric": "Leistung", "category": "Leistung", "quantity": "Menge", "unit_price": "Preis",
            "amount": "Netto", "currency": { "value": "EUR" } },
          "organizations": { "K-1": "acme" }, "metrics": { "Seiten": "pages" }, "categories": { "Grundpreis": "purchase" },
          "parts": [{ "column": "USt", "category": "tax" }],
          "skip": [{ "column": "Pos", "values": ["Summe"], "total": true }] }
        """#.utf8
      ).write(to: mapping)
      var options = ImportInvoices.Options(path: root.appending(path: "Fixtures/october.xlsx").path, by: "ana")
      options.mapping = mapping.path
      let report = try await service.importInvoices(options)
      #expect(report.unknown.isEmpty)
      #expect(report.count.added == 6)
      let (text, _) = try await Self.report(installation, service)
      let rows = try Self.rows(text).filter { $0.hasPrefix("acme") }
      #expect(
        rows == [
          "acme usage conversions matched", "acme usage pages over_billed quantity_variance", "acme purchase matched",
          "acme tax over_billed tax",
        ])
      // 12345 pages less the credit note of 345; the total of the workbook is that of its lines.
      #expect(text.contains(#""invoiced_quantity":12000"#) || text.contains(#""invoiced_quantity":"12000""#))
      let journal = try await Self.report(installation, service, .hledger).text
      #expect(journal.contains("expenses:docutray:usage:pages  120.00 EUR"))
      #expect(journal.contains("liabilities:docutray  -260.61 EUR"))
      options.sheet = "Notizen"
      let ofNotes = options
      let other = await #expect(throws: ServiceError.self) { _ = try await service.importInvoices(ofNotes) }
      #expect(other?.status == .badData)
    }
  }
}
