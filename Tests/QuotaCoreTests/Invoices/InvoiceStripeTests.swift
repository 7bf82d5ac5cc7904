import QuotaCore
import TestSupport
import Testing

@Suite("Invoices of Stripe")
struct InvoiceStripeTests {
  private func file(_ text: String) -> ReadInvoiceFile { invoiceFile(text, InvoiceMapping.Ready.stripe.mapping) }

  /// An invoice with one line.
  private func invoice(_ line: String, status: String = "paid", rest: String = "") -> String {
    """
    { "id": "in_1", "status": "\(status)", "customer": "acme"\(rest), "lines": { "has_more": false, "data": [
      { "id": "il_1", "period": { "start": 1790812800, "end": 1793491200 }, \(line) } ] } }
    """
  }

  private func amounts(_ file: ReadInvoiceFile) -> [String] {
    file.lines.map {
      "\($0.key.line) \($0.content.category?.rawValue ?? "?") \($0.content.currency.text($0.content.amount))"
    }
  }

  @Test(
    "Amounts are in Stripe's own units",
    arguments: [
      ("eur", "12.34"), ("jpy", "1234"), ("krw", "1234"), ("ugx", "12.34"), ("isk", "12.34"), ("mga", "1234.00"),
      ("kwd", "1.234"), ("bhd", "1.234"), ("clp", "1234"), ("xof", "1234"), ("huf", "12.34"), ("twd", "12.34"),
    ])
  func units(currency: String, amount: String) {
    let read = file(invoice(#""amount": 1234, "currency": "\#(currency)", "type": "subscription""#))
    #expect(read.problems == [])
    #expect(amounts(read) == ["il_1 purchase \(amount)"])
  }

  @Test(
    "The status says whether it claims anything",
    arguments: [
      ("draft", InvoiceIssueStatus.open), ("open", .issued), ("paid", .issued), ("uncollectible", .issued),
      ("void", .voided),
    ])
  func statuses(word: String, status: InvoiceIssueStatus) {
    let read = file(invoice(#""amount": 1234, "currency": "eur", "type": "subscription""#, status: word))
    #expect(read.lines.map(\.content.issueStatus) == [status])
  }

  @Test("A tax that the amount includes is taken out of it, by the words of both versions of the API")
  func inclusiveTax() {
    for taxes in [
      #""tax_amounts": [{ "amount": 190, "inclusive": true }, { "amount": 7, "inclusive": false }]"#,
      #""taxes": [{ "amount": 190, "tax_behavior": "inclusive" }, { "amount": 7, "tax_behavior": "exclusive" }]"#,
    ] {
      let read = file(invoice(#""amount": 1190, "currency": "eur", "type": "subscription", \#(taxes)"#))
      #expect(amounts(read) == ["il_1 purchase 10.00", "il_1/tax tax 0.07", "il_1/tax-included tax 1.90"])
    }
  }

  @Test("A file in the words of both versions loses no tax: it is refused, and says which column it was read by")
  func mixedVersions() {
    let read = file(
      """
      { "id": "in_1", "status": "paid", "customer": "acme", "lines": { "has_more": false, "data": [
        { "id": "il_1", "amount": 1000, "currency": "eur", "period": { "start": 1790812800, "end": 1793491200 },
          "taxes": [{ "amount": 190, "tax_behavior": "exclusive" }] },
        { "id": "il_2", "amount": 1000, "currency": "eur", "period": { "start": 1790812800, "end": 1793491200 },
          "tax_amounts": [{ "amount": 190, "inclusive": false }] } ] } }
      """)
    #expect(read.problems.count == 1)
    #expect(read.problems.first?.contains("tax_amounts.*[inclusive!=true].amount is not") == true)
  }

  @Test("Credits before tax are credits, other than the discounts that they repeat")
  func credits() {
    let read = file(
      invoice(
        """
        "amount": 1000, "currency": "eur", "type": "subscription", "discount_amounts": [{ "amount": 100 }],
        "pretax_credit_amounts": [{ "amount": 100, "type": "discount" },
          { "amount": 250, "type": "credit_balance_transaction" }]
        """))
    #expect(
      amounts(read) == ["il_1 purchase 10.00", "il_1/credit credit -1.00", "il_1/credit-balance credit -2.50"])
  }

  @Test(
    "A part of a list is refused, wherever it says that it is one",
    arguments: [
      #"{ "object": "list", "has_more": true, "data": [] }"#,
      #"{ "id": "in_1", "customer": "acme", "lines": { "has_more": true, "data": [] } }"#,
      #"{ "data": [{ "id": "in_1", "lines": { "data": [{ "id": "il_1", "discounts": { "has_more": true } }] } }] }"#,
      #"[{ "id": "in_1", "lines": { "has_more": true, "data": [] } }]"#,
    ])
  func partial(text: String) {
    #expect(file(text).problems.first?.contains("has_more") == true)
    #expect(file(text).lines.isEmpty)
  }

  @Test("A list of line items is read as the API gives it")
  func lineItems() {
    let read = file(
      """
      { "object": "list", "has_more": false, "data": [
        { "id": "il_1", "object": "line_item", "invoice": "in_1", "amount": 9900, "currency": "eur",
          "metadata": { "organization_id": "acme" }, "type": "subscription",
          "period": { "start": 1790812800, "end": 1793491200 } },
        { "id": "il_2", "object": "line_item", "invoice": "in_1", "amount": 500, "currency": "eur",
          "metadata": { "organization_id": "globex" }, "description": "500 × Pages (at €0.01 / month)", "quantity": 500,
          "period": { "start": 1790812800, "end": 1793491200 } } ] }
      """)
    #expect(read.problems == [])
    #expect(read.lines.map(\.key.invoice) == ["in_1", "in_1"])
    #expect(read.lines.map(\.content.organization?.rawValue) == ["acme", "globex"])
    #expect(amounts(read) == ["il_1 purchase 99.00", "il_2 usage 5.00"])
  }

  @Test(
    "What counts something that is not known is no fee",
    arguments: [
      (#""description": "12345 × Documents (at €0.01 / month)", "quantity": 12345"#, false),
      (#""description": "12345 × Documents (at €0.01 / month)""#, false),
      (#""description": "1 × Growth plan (at €99.00 / month)", "quantity": 1"#, true),
      (#""description": "1 × Growth plan (at €99.00 / month)""#, true), (#""description": "Growth plan""#, true),
      (#""quantity": 3"#, false),
    ])
  func unknownCounts(line: String, isFee: Bool) {
    for type in [#""type": "subscription""#, #""parent": { "type": "subscription_item_details" }"#] {
      let read = file(invoice(#""amount": 9900, "currency": "eur", \#(line), \#(type)"#))
      #expect(read.problems == [])
      #expect(read.lines.map { $0.content.unknownBecause == nil } == [isFee])
      #expect(read.lines.map(\.content.category) == [isFee ? .purchase : nil])
    }
  }

  @Test("A proration is told by the line's own kind")
  func proration() {
    let read = file(
      invoice(
        """
        "amount": 1000, "currency": "eur", "type": "subscription",
        "parent": { "type": "x", "invoice_item_details": { "proration": true }, "subscription_item_details": null }
        """))
    #expect(read.lines.map(\.content.isProration) == [true])
  }

  @Test("What the invoice comes to is read with its lines")
  func totals() throws {
    let read = file(
      invoice(
        #""amount": 1190, "currency": "eur", "type": "subscription", "taxes": [{ "amount": 190, "tax_behavior": "inclusive" }]"#,
        rest: #", "total": 1190, "total_taxes": [{ "amount": 100 }, { "amount": 90 }]"#))
    #expect(
      read.totals.map { "\($0.kind) \($0.amount) \($0.sum(of: read.lines))" } == ["total 11.9 11.9", "tax 1.9 1.9"])
  }

  @Test("A void invoice retracts its lines even if it has none any more")
  func void() {
    let read = file(#"{ "id": "in_1", "status": "void", "customer": "acme", "lines": { "data": [] } }"#)
    #expect(read.problems == [])
    #expect(read.voided == ["in_1"])
  }

  @Test("An invoice without lines is told with what it says that it comes to")
  func empty() {
    let read = file(
      """
      [{ "id": "in_1", "currency": "eur", "total": 7700, "customer": "acme", "lines": { "data": [] } },
       { "id": "in_2", "currency": "eur", "total": 0, "customer": "acme", "lines": { "data": [] } },
       { "id": "in_3", "customer": "acme", "lines": { "data": [] } }]
      """)
    #expect(read.problems == [])
    #expect(read.withoutLines == ["in_1", "in_2", "in_3"])
    #expect(
      read.warnings == [
        "[2]: invoice in_3 has no lines", "the file states a total of invoice in_1, and has no lines of it",
      ])
  }
}
