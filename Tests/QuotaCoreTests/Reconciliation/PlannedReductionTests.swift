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

  @Test(
    "a discount that comes to nothing is not missed",
    arguments: [Prices.Rounding.line, .invoice], [false, true])
  func nothingTakenOff(rounding: Prices.Rounding, includesTax: Bool) throws {
    var october = October(
      plan: try October.plan(
        [.unit(.pages, unitPrice: decimal("0.02"))], discounts: ["10 %"], rounding: rounding, tax: "19",
        includesTax: includesTax),
      used: pages(1), lines: [try October.line("I 1 usage pages 1 0.02")])
    #expect(try october.reconciled().entries.map(\.name) == ["usage/pages", "tax"])
    #expect(try october.reconciled().entries.allSatisfy { ReconciliationStatus.settled.contains($0.status) })
    october.lines += [try October.line("I 2 credit - - 0.00")]
    #expect(try october.reconciled().entries.allSatisfy { ReconciliationStatus.settled.contains($0.status) })
    october.lines = []
    #expect(try october.rows() == ["usage/pages missing_invoice", "tax matched"])
  }

  @Test("what is less than half of the smallest amount is not due")
  func nothingDue() throws {
    var october = October(
      plan: try October.plan(
        [.unit(.pages, unitPrice: decimal("0.002")), .flat(amount: decimal("0.004"))], rounding: .invoice),
      used: pages(1))
    #expect(try october.rows() == ["usage/pages matched", "purchase matched"])
    october.used = pages(3)
    #expect(try october.rows() == ["usage/pages missing_invoice", "purchase matched"])
    october.plan = try October.plan()
    october.used = pages(1)
    #expect(try october.row().note == "1 page costs 0.01 EUR, and no invoice has it")
  }

  /// Two versions in October, each with a fee, a price for pages and a discount.
  private func split(_ discount: Discount.Size) throws -> October {
    func prices(_ fee: String) throws -> Prices {
      Prices(
        currency: try euro(),
        charges: [
          Charge(.flat(amount: try decimal(fee))), Charge(.unit(.pages, unitPrice: try decimal("0.01"))),
        ], discounts: [Discount(discount)], rounding: .invoice)
    }
    let plan = PricePlan(
      name: "growth",
      versions: [
        .init(prices: try prices("29")),
        .init(validFrom: CalendarDay(October.month, day: 15), prorates: true, prices: try prices("39")),
      ])
    return October(plan: plan, used: pages(1))
  }

  @Test("a discount on everything leaves nothing of a month that is split", arguments: ["50", "100 %"])
  func everythingTakenOff(discount: String) throws {
    let size: Discount.Size = discount == "50" ? .amount(try decimal("50")) : .percent(try decimal("100"))
    let entries = try split(size).reconciled().entries
    #expect(entries.map(\.status) == [.matched, .matched])
    #expect(entries.allSatisfy { $0.figures.expectedAmount == .zero })
  }

  @Test("shares of a discount add up to it, and people are shown six decimals at most")
  func shares() throws {
    let october = try split(.percent(decimal("33.3")))
    let entries = try october.reconciled().entries
    let calculation = try #require(october.plan?.calculation(of: October.month, pages(1)))
    let difference = entries.compactMap(\.figures.expectedAmount).sum() - calculation.unroundedSubtotal.rounded(to: 14)
    #expect(try difference.absolute <= decimal("0.00000000000001"))
    #expect(entries.allSatisfy { ($0.figures.expectedAmount?.decimals ?? 0) <= 14 })
    #expect(entries.map(\.note).last == "the fees of 23.000742 EUR are due, and no invoice has them")
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
