import Foundation
import QuotaCore
import Reports
import Testing

@Suite("The reconciliation as a journal")
struct ReconciliationJournalTests {
  @Test("has what invoices claim in transactions, and the rest in comments")
  func golden() throws {
    #expect(
      try reconciliationText([ExampleReconciledMonth.acme.reconciled()], .hledger) == """
        ; DocuTray's invoices, reconciled 2026-11-05T10:30:00.250Z with months in UTC
        decimal-mark .
        account expenses:docutray:usage:conversions
        account expenses:docutray:usage:pages
        account expenses:docutray:usage
        account expenses:docutray:fees
        account expenses:docutray:adjustments
        account expenses:docutray:credits
        account expenses:docutray:tax
        account expenses:docutray:unknown
        account liabilities:docutray

        commodity 1000.00 EUR

        2026-10-31 ! DocuTray | Acme Corp 2026-10
            ; organization_id:acme
            ; period:2026-10
            ; invoice_id:INV-1
            ; price_plan:growth@2026-07-01
            ; snapshot_id:7
            expenses:docutray:usage:pages  123.50 EUR
            ; invoice_line_id:1
            ; status:over_billed
            ; reason:quantity_variance
            ; vendor_usage_quantity:12345
            ; invoiced_quantity:12350
            ; expected_amount:123.45
            ; amount_variance:0.05
            ; note:5 pages more than the vendor's 12345; 0.05 EUR
            expenses:docutray:fees  99.00 EUR
            ; invoice_line_id:2|3
            ; status:matched
            ; expected_amount:99.00
            ; amount_variance:0.00
            expenses:docutray:credits  -10.00 EUR
            ; invoice_line_id:4
            ; status:accepted
            ; reason:credit
            ; note:a credit of 10.00 EUR; accepted by ana on 2026-11-05\u{A789} agreed by mail
            liabilities:docutray  -212.50 EUR

        ; acme, 2026-10, usage, conversions, missing_invoice, expected 13.56 EUR, no invoice has 678 conversions, \
        13.56 EUR


        """)
  }

  @Test("is accepted by hledger, strictly, and adds up to what is claimed", .timeLimit(.minutes(5)))
  func accepted() throws {
    var yen = ExampleReconciledMonth.acme
    yen.organization = nil
    yen.name = nil
    yen.month = nil
    yen.entries = [
      ExampleEntry(
        category: nil, metric: nil, currency: "JPY", lines: ["J/1"], invoiced: "1200", status: .notComparable),
      ExampleEntry(category: .tax, metric: nil, currency: "KWD", lines: ["J/1"], invoiced: "1.205", status: .matched),
      ExampleEntry(
        category: .tax, metric: nil, currency: "KWD", lines: ["V/1"], issueStatus: .voided, invoiced: "7",
        status: .matched),
    ]
    let months = try [ExampleReconciledMonth.acme, yen].map { try $0.reconciled() }
    let balance = try hledger(months, ["balance", "-N", "--flat", "-O", "csv", "liabilities"])
    #expect(balance == "\"account\",\"balance\"\n\"liabilities:docutray\",\"-212.50 EUR, -1200 JPY, -1.205 KWD\"\n")
    #expect(
      try hledger(months, ["balance", "-N", "--flat", "-O", "csv", "tag:status=over_billed"])
        == "\"account\",\"balance\"\n\"expenses:docutray:usage:pages\",\"123.50 EUR\"\n")
  }

  @Test("is accepted whatever texts there are", .timeLimit(.minutes(5)))
  func hostile() throws {
    let months = try hostileTexts().map { text in
      try ExampleReconciledMonth(
        name: text, pricePlan: text,
        entries: [
          ExampleEntry(lines: ["\(text)/\(text.filter { $0 != "/" })"], invoiced: "1", explanation: text),
          ExampleEntry(lines: [], invoiced: nil, explanation: text),
        ]
      ).reconciled()
    }
    let balance = try hledger(months, ["balance", "-N", "--flat", "-O", "csv", "expenses"])
    #expect(balance == "\"account\",\"balance\"\n\"expenses:docutray:usage:pages\",\"\(months.count).00 EUR\"\n")
  }

  @Test("without anything to reconcile is accepted")
  func empty() throws {
    _ = try hledger([], ["balance"])
  }

  /// Checks the journal and then asks hledger something.
  private func hledger(_ months: [ReconciledMonth], _ question: [String]) throws -> String {
    try ReaderProgram.inFolder { folder in
      try Data(try reconciliation(months, .hledger)).write(to: folder.appending(path: "journal"))
      let check = try ReaderProgram.hledger.run(["-f", "journal", "check", "--strict"], in: folder)
      #expect(check.code == 0, "\(check.errors)")
      return try ReaderProgram.hledger.run(["-f", "journal"] + question, in: folder).output
    }
  }
}
