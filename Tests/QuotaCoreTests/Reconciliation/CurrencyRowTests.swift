import QuotaCore
import TestSupport
import Testing

@Suite("Reconciling claims in several currencies, and claims of nothing")
struct CurrencyRowTests {
  private func october(_ lines: [InvoiceLine], tax: String? = nil, change: (inout October) -> Void = { _ in }) throws
    -> October
  {
    var october = October(plan: try October.plan(tax: tax), lines: lines)
    change(&october)
    return october
  }

  private func dollars(_ text: String) throws -> InvoiceLine {
    try October.line(text) { $0.currency = Currency("USD") ?? $0.currency }
  }

  @Test("a claim in another currency is a row of its own, with both figures in its note")
  func foreign() throws {
    let month = try october([try October.line("I 1 usage pages 1000 10.00"), try dollars("I 2 usage pages 5 7.00")])
    #expect(try month.rows() == ["usage/pages matched", "usage/pages/USD not_comparable"])
    let entries = try month.reconciled().entries
    #expect(entries.map(\.currency?.code) == ["EUR", "USD"])
    #expect(entries.map(\.figures.expectedAmount?.description) == ["10", nil])
    #expect(entries.map(\.figures.invoicedAmount?.description) == ["10", "7"])
    #expect(
      entries[1].note == "the invoice is in USD, the plan in EUR: it has 7.00 USD, where 10.00 EUR are expected")
  }

  @Test("what is due and claimed in another currency is neither missing nor matched")
  func onlyForeign() throws {
    let month = try october([try dollars("I 1 usage pages 1000 10.00")])
    #expect(try month.rows() == ["usage/pages not_comparable", "usage/pages/USD not_comparable"])
    let entries = try month.reconciled().entries
    #expect(
      entries[0].note == "1,000 pages cost 10.00 EUR, and no invoice has them in this currency; 10.00 USD are claimed")
    #expect(entries.allSatisfy { $0.figures.amountVariance == nil })
  }

  @Test("fees, taxes and credits are not added across currencies")
  func categories() throws {
    let month = try october(
      [
        try October.line("I 1 usage pages 1000 10.00"), try dollars("I 2 purchase - - 99.00"),
        try October.line("I 3 tax - - 1.90"), try dollars("I 4 tax - - 18.81"), try dollars("I 5 credit - - -5.00"),
      ], tax: "19")
    #expect(
      try month.rows() == [
        "usage/pages matched", "purchase matched", "purchase/USD not_comparable", "credit/I/5 not_comparable credit",
        "tax matched", "tax/USD not_comparable",
      ])
  }

  @Test("without a plan each currency has its row")
  func withoutPlan() throws {
    let month = try october([try October.line("I 1 usage pages 600 6.00"), try dollars("I 2 usage pages 400 4.00")]) {
      $0.plan = nil
    }
    #expect(try month.rows() == ["usage/pages not_comparable", "usage/pages/USD not_comparable"])
    #expect(try month.reconciled().entries.map(\.figures.invoicedAmount?.description) == ["6", "4"])
  }

  @Test("0.00 in another currency claims nothing of what is due in the plan's")
  func foreignZero() throws {
    let usage = try October.line("I 1 usage pages 1000 10.00")
    let month = try october([usage, try dollars("I 2 tax - - 0.00")], tax: "19")
    #expect(try month.rows() == ["usage/pages matched", "tax under_billed tax", "tax/USD matched"])
  }

  @Test("nothing is claimed by 0.00 of what no rule speaks of")
  func zero() throws {
    let usage = try October.line("I 1 usage pages 1000 10.00")
    #expect(
      try october([usage, try October.line("I 2 tax - - 0.00")]).rows() == ["usage/pages matched", "tax matched"])
    #expect(
      try october([usage, try dollars("I 2 purchase - - 0.00")]).rows()
        == ["usage/pages matched", "purchase matched", "purchase/USD matched"])
    let unread = try october([try October.line("I 2 tax - - 0.00")], tax: "19") { $0.used = nil }
    #expect(try unread.rows() == ["usage/pages missing_usage", "tax matched"])
    let free = try october([try October.line("I 1 usage pages 1000 0.00"), try October.line("I 2 purchase - - 0.00")]) {
      $0.plan = nil
    }
    #expect(try free.rows() == ["usage/pages matched", "purchase matched"])
    let more = try october([try October.line("I 1 usage pages 1200 0.00")]) { $0.plan = nil }
    #expect(try more.rows() == ["usage/pages over_billed quantity_variance"])
    let taxed = try october([usage, try October.line("I 2 tax - - 0.01")])
    #expect(try taxed.rows() == ["usage/pages matched", "tax not_comparable tax"])
  }

  @Test(
    "a quantity has the sign of its amount: credit notes and prorations take pages off",
    arguments: ["usage", "credit", "adjustment"])
  func quantities(category: String) throws {
    for quantity in ["200", "-200"] {
      let month = try october([
        try October.line("I 1 usage pages 1200 12.00"), try October.line("G 1 \(category) pages \(quantity) -2.00"),
      ])
      #expect(try month.rows() == ["usage/pages matched"])
      #expect(try month.row().figures.invoicedQuantity?.description == "1000")
    }
    let pair = try october([
      try October.line("I 1 usage pages 1000 10.00"),
      try October.line("I 2 usage pages 300 -3.00") { $0.isProration = true },
      try October.line("I 3 usage pages 300 3.00") { $0.isProration = true },
    ])
    #expect(try pair.rows() == ["usage/pages matched"])
  }

  @Test("a total that is not the sum of the lines is a finding of its own, and the rows add up to it")
  func totals() throws {
    let usage = try October.line("I 1 usage pages 1000 10.00")
    func rows(_ kinds: [(StatedTotal.Kind, String)], _ lines: [InvoiceLine]) throws -> [ReconciliationEntry] {
      let totals = try kinds.map {
        StatedTotal(invoice: "I", kind: $0.0, currency: try euro(), amount: try decimal($0.1))
      }
      return InvoiceTotals(totals, lines).entries(Tolerance())
    }
    #expect(try rows([(.total, "10.00")], [usage]) == [])
    let off = try rows([(.total, "12.00")], [usage])
    #expect(off.map(\.name) == ["total/I/total"])
    #expect(off.map(\.status) == [.overBilled])
    #expect(off.map(\.finding.reason) == [.invoiceTotal])
    #expect(off.map(\.note) == ["I states a total of 12.00 EUR, and its lines come to 10.00 EUR (+2.00)"])
    #expect(try rows([(.total, "10.01")], [usage]).map(\.status) == [.matchedWithinTolerance])
    let taxed = [usage, try October.line("I 2 tax - - 1.90")]
    let both = try rows([(.total, "13.90"), (.tax, "3.90")], taxed)
    #expect(both.map(\.name) == ["total/I/tax"])
    #expect(both.map(\.figures.amountVariance?.description) == ["2"])
    #expect(
      try rows([(.net, "9.00"), (.total, "11.90")], taxed).map(\.figures.amountVariance?.description) == ["-1", "1"])
    let month = try october([usage]) {
      $0.totals = [
        InvoiceTotals(
          StatedTotal.Kind.allCases.map {
            StatedTotal(invoice: "I", kind: $0, currency: usage.content.currency, amount: .zero)
          }, [usage])
      ]
    }
    #expect(try month.rows().contains("total/I/net under_billed invoice_total"))
  }
}
