import Foundation
import QuotaCore
import Reports
import TestSupport
import Testing

@testable import QuotaService

/// An export of Stripe's API with everything in it that is special there, from the import to the journal. The figures were
/// worked out by hand.
@Suite("Reconciling invoices of Stripe from end to end")
struct StripeScenarios {
  private static let october = billingMonth("2026-10")
  private static let whole = #""period": { "start": 1790812800, "end": 1793491200 }"#
  private static let half = #""period": { "start": 1792108800, "end": 1793491200 }"#

  private static func invoice(
    _ id: String, _ status: String, of customer: String, currency: String = "eur", further: String = "",
    _ lines: String...
  ) -> String {
    let items = lines.enumerated().map { #"{ "id": "\#(id)_\#($0 + 1)", "currency": "\#(currency)", \#($1) }"# }
    return """
      { "id": "\(id)", "object": "invoice", "status": "\(status)", "customer": "cus_x", "currency": "\(currency)",
        "metadata": { "organization_id": "\(customer)" }\(further),
        "lines": { "object": "list", "has_more": false, "data": [\(items.joined(separator: ", "))] } }
      """
  }

  private static func fee(_ amount: Int, _ more: String = "") -> String {
    #""amount": \#(amount), "type": "subscription", "description": "1 × Pro plan (at €99.00 / month)", \#(whole)\#(more)"#
  }

  private static func pages(_ count: Int, _ amount: Int, _ more: String = "") -> String {
    #""amount": \#(amount), "type": "subscription", "quantity": \#(count), "description": "\#(count) × Pages (at €0.01 / month)", \#(whole)\#(more)"#
  }

  private static func proration(_ amount: Int, _ description: String) -> String {
    #""amount": \#(amount), "type": "subscription", "proration": true, "quantity": 1, "description": "\#(description)", \#(half)"#
  }

  /// 117.81 with 18.81 of tax in it; 10.00 less a discount of 1.00 and 2.50 of credit, 1.24 of tax on it; 10.00 more for
  /// half a month. That is 135.55.
  private static let paid = invoice(
    "in_paid", "paid", of: "acme",
    further: #", "total": 13555, "total_taxes": [{ "amount": 1881 }, { "amount": 124 }]"#,
    fee(11_781, #", "taxes": [{ "amount": 1881, "tax_behavior": "inclusive" }]"#),
    pages(
      1_000, 1_000,
      """
      , "taxes": [{ "amount": 124, "tax_behavior": "exclusive" }], "discount_amounts": [{ "amount": 100, "discount": "di_1" }],
      "pretax_credit_amounts": [{ "amount": 100, "type": "discount", "discount": "di_1" },
        { "amount": 250, "type": "credit_balance_transaction" }]
      """), proration(-5_000, "Unused time on Pro plan after 16 Oct 2026"),
    proration(6_000, "Remaining time on Pro plus plan after 16 Oct 2026"))

  private static let invoices = [
    paid,
    invoice(
      "in_open", "open", of: "globex", fee(9_900, #", "taxes": [{ "amount": 1881, "tax_behavior": "exclusive" }]"#)),
    invoice(
      "in_draft", "draft", of: "globex",
      pages(1_000, 1_000, #", "taxes": [{ "amount": 190, "tax_behavior": "exclusive" }]"#)),
    invoice("in_void", "void", of: "globex", pages(99_999, 99_999)),
    // In Stripe's units: two decimals for ISK and UGX, none for JPY and MGA, thousandths for KWD.
    invoice("in_isk", "paid", of: "globex", currency: "isk", fee(500_000)),
    invoice("in_jpy", "paid", of: "globex", currency: "jpy", fee(700)),
    invoice("in_kwd", "paid", of: "globex", currency: "kwd", fee(5_000)),
    invoice("in_mga", "paid", of: "globex", currency: "mga", fee(800)),
    invoice("in_ugx", "paid", of: "globex", currency: "ugx", fee(300_000)),
    // 1,200 pages less a credit note of 200.
    invoice(
      "in_late", "uncollectible", of: "initech",
      fee(9_900, #", "taxes": [{ "amount": 2071, "tax_behavior": "exclusive" }]"#),
      pages(1_200, 1_200), pages(200, -200)),
  ]

  @Test("Every special case goes through the import, the report and the journal")
  func everything() async throws {
    let ids = ["acme", "globex", "initech"]
    try await Installation.run(ids, at: "2026-11-05T12:00:00Z") { installation in
      for id in ids { installation.use(1_000, of: id, in: "2026-10") }
      let service = try installation.service(
        organizations: ids,
        plans: """
          { "pro": { "currency": "EUR", "tax_percent": "19", "charges": [
            { "model": "flat", "amount": "99.00" }, { "model": "unit", "metric": "pages", "unit_price": "0.01" }] } }
          """, members: #", "plan": "pro""#, rules: "[]")
      _ = try await service.close(CloseMonth.Options(month: Self.october, by: "ana"))
      let file = installation.folder.appending(path: "invoices.json")
      let text = #"{ "object": "list", "has_more": false, "data": [\#(Self.invoices.joined(separator: ",\n"))] }"#
      try Data(text.utf8).write(to: file)
      var options = ImportInvoices.Options(path: file.path, by: "ana")
      options.mapping = "stripe"
      let report = try await service.importInvoices(options)
      #expect(report.unknown.isEmpty && report.warnings.isEmpty)

      let rows = try await Self.report(.jsonl, installation, service).split(separator: "\n").map(Self.brief)
      #expect(
        rows
          == [
            "acme usage pages matched 10.00 EUR", "acme purchase over_billed proration 109.00 EUR",
            "acme credit under_billed credit -1.00 EUR", "acme credit under_billed credit -2.50 EUR",
            "acme tax under_billed tax 20.05 EUR",
            "globex usage pages pending 10.00 EUR", "globex purchase matched 99.00 EUR",
            "globex purchase not_comparable 5000 ISK", "globex purchase not_comparable 700 JPY",
            "globex purchase not_comparable 5.000 KWD", "globex purchase not_comparable 800.00 MGA",
            "globex purchase not_comparable 3000 UGX", "globex tax pending 20.71 EUR",
            "initech usage pages matched 10.00 EUR", "initech purchase matched 99.00 EUR",
            "initech tax matched 20.71 EUR",
          ])
      let journal = try await Self.report(.hledger, installation, service)
      for posting in [
        "expenses:docutray:fees  109.00 EUR", "expenses:docutray:credits  -2.50 EUR",
        "liabilities:docutray  -135.55 EUR",
        "expenses:docutray:fees  5000 ISK", "liabilities:docutray  -700 JPY", "liabilities:docutray  -5.000 KWD",
        "liabilities:docutray  -800.00 MGA", "liabilities:docutray  -3000 UGX", "liabilities:docutray  -129.71 EUR",
      ] {
        #expect(journal.contains(posting), "\(posting)")
      }
      #expect(!journal.contains("999.99"))
    }
  }

  private static func report(
    _ format: ReconciliationFormat, _ installation: Installation, _ service: Setup
  ) async throws -> String {
    let file = installation.folder.appending(path: "report")
    _ = try await service.exportReconciliation(
      ReconciliationRequest(october...october, format: format), to: .file(path: file.path))
    return try String(contentsOf: file, encoding: .utf8)
  }

  /// A row as a text such as `acme usage pages matched 10.00 EUR`.
  private static func brief(_ line: Substring) throws -> String {
    struct Row: Decodable {
      let organization_id: String
      let charge_category: String
      let metric: String?
      let status: String
      let reason: String?
      let invoiced_amount: String?
      let currency: String
    }
    let row = try JSONDecoder().decode(Row.self, from: Data(line.utf8))
    return [
      row.organization_id, row.charge_category, row.metric, row.status, row.reason, row.invoiced_amount, row.currency,
    ].compactMap(\.self).joined(separator: " ")
  }
}
