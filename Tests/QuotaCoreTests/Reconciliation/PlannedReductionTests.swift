import QuotaCore
import TestSupport
import Testing

@Suite("Reconciling what a plan takes off")
struct PlannedReductionTests {
  /// 1,000 pages at 0.01 and a fee of 30.00.
  private func october(
    _ lines: [String], discounts: [String] = ["10 %"], tax: String? = nil, includesTax: Bool = false,
    minimum: String? = nil, maximum: String? = nil
  ) throws -> October {
    October(
      plan: try October.plan(
        [.unit(.pages, unitPrice: decimal("0.01")), .flat(amount: decimal("30"))], discounts: discounts, tax: tax,
        includesTax: includesTax, minimum: minimum, maximum: maximum),
      lines: try lines.map { try October.line($0) })
  }

  @Test(
    "a discount may stand in lines of its own, or in the other amounts",
    arguments: [
      ["I 1 usage pages 1000 10.00", "I 2 purchase - - 30.00", "I 3 credit - - -4.00"],
      ["I 1 usage pages 1000 10.00", "I 2 purchase - - 30.00", "I 3 credit - - -1.00", "I 4 credit - - -3.00"],
      ["I 1 usage pages 1000 10.00", "I 2 purchase - - 30.00", "I 3 adjustment - - -4.00"],
      ["I 1 usage pages 1000 9.00", "I 2 purchase - - 27.00"],
    ])
  func matched(lines: [String]) throws {
    #expect(try october(lines).reconciled().entries.allSatisfy { $0.status == .matched })
  }

  @Test("a discount that was forgotten is said, and one that is too small")
  func forgotten() throws {
    let lines = ["I 1 usage pages 1000 10.00", "I 2 purchase - - 30.00"]
    #expect(try october(lines).rows() == ["usage/pages matched", "purchase matched", "credit over_billed credit"])
    #expect(
      try october(lines).reconciled().entries.last?.note
        == "4.00 EUR are to be taken off, and no line of the invoice does so")
    let four = try decimal("4")
    #expect(try october(lines).reconciled().entries.last?.figures.amountVariance == four)
    let small = try october(lines + ["I 3 credit - - -2.50"])
    #expect(try small.rows().last == "credit over_billed credit")
    #expect(try small.reconciled().entries.last?.note == "2.50 instead of 4.00 EUR taken off (+1.50)")
  }

  @Test("a voucher beside a discount that is in the amounts stays what it is")
  func voucher() throws {
    let lines = ["I 1 usage pages 1000 9.00", "I 2 purchase - - 27.00", "I 3 credit - - -1.00"]
    #expect(
      try october(lines).rows() == ["usage/pages matched", "purchase matched", "credit/I/3 under_billed credit"])
  }

  @Test("without an invoice what is due is without what is taken off")
  func missing() throws {
    let entries = try october([]).reconciled().entries
    #expect(entries.map(\.status) == [.missingInvoice, .missingInvoice])
    #expect(try entries.map(\.figures.expectedAmount) == ["9", "27"].map(decimal))
  }

  @Test("what exceeds a maximum is taken off like a discount; what is missing to a minimum is a fee")
  func limits() throws {
    let whole = ["I 1 usage pages 1000 10.00", "I 2 purchase - - 30.00"]
    #expect(
      try october(whole + ["I 3 credit - - -5.00"], discounts: [], maximum: "35").rows()
        == ["usage/pages matched", "purchase matched", "credit matched"])
    #expect(
      try october(["I 1 usage pages 1000 8.75", "I 2 purchase - - 26.25"], discounts: [], maximum: "35").rows()
        == ["usage/pages matched", "purchase matched"])
    #expect(
      try october(["I 1 usage pages 1000 10.00", "I 2 purchase - - 34.00", "I 3 credit - - -4.00"], minimum: "40")
        .rows() == ["usage/pages matched", "purchase matched", "credit matched"])
  }

  @Test("of a month that was never read nothing is expected that depends on its use")
  func unread() throws {
    var october = try october(["I 2 purchase - - 30.00"], maximum: "20")
    october.used = nil
    #expect(try october.rows() == ["usage/pages missing_usage", "purchase matched"])
  }

  @Test("prices with their tax are compared without it, to the cent")
  func taxInside() throws {
    let rows = try october(
      ["I 1 usage pages 1000 8.40", "I 2 purchase - - 25.21", "I 3 credit - - -3.36", "I 4 tax - - 5.75"],
      tax: "19", includesTax: true
    ).reconciled().entries
    #expect(rows.map(\.name) == ["usage/pages", "purchase", "credit", "tax"])
    #expect(rows.map(\.status) == [.matched, .matched, .matched, .matched])
    // 36.00 with tax.
    #expect(try rows.compactMap(\.figures.expectedAmount).sum() == decimal("36"))
  }
}
