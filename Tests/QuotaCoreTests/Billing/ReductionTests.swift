import QuotaCore
import Testing

@Suite("Discounts, minimum and maximum")
struct ReductionTests {
  /// The lines as texts such as `Discount -10`.
  private func lines(_ plan: PricePlan, pages: Int64 = 0) throws -> [String] {
    try plan.calculation(pages: pages).lines.map { "\($0.name) \($0.rounded)" }
  }

  private func fee(_ amount: String) throws -> [Charge.Model] { [.flat(amount: try decimal(amount))] }

  @Test("a discount lowers what is charged, and never the minimum")
  func minimumAfterDiscount() throws {
    let plan = try PricePlan.example(fee("100"), discounts: ["50 %"], minimum: "80")
    #expect(try lines(plan) == ["Flat fee 100", "Discount -50", "Minimum 30"])
  }

  @Test("a maximum takes off what is beyond it when discounts are taken off")
  func maximumAfterDiscount() throws {
    #expect(
      try lines(.example(fee("100"), discounts: ["10 %"], maximum: "80")) == [
        "Flat fee 100", "Discount -10", "Maximum -10",
      ])
    #expect(try lines(.example(fee("100"), discounts: ["30 %"], maximum: "80")) == ["Flat fee 100", "Discount -30"])
    #expect(try lines(.example(fee("80"), minimum: "80", maximum: "80")) == ["Flat fee 80"])
    #expect(try lines(.example(fee("10"), minimum: "80", maximum: "80")) == ["Flat fee 10", "Minimum 70"])
  }

  @Test("nothing is taken off a month that costs nothing, and a maximum of 0 makes it cost nothing")
  func nothing() throws {
    let unit = try Charge.Model.unit(.pages, unitPrice: decimal("1"))
    #expect(try lines(.example([unit], discounts: ["10 %", "5"], maximum: "3")) == ["Pages 0"])
    #expect(try lines(.example([unit], maximum: "0"), pages: 4) == ["Pages 4", "Maximum -4"])
    #expect(try lines(.example([unit], discounts: ["100 %"]), pages: 4) == ["Pages 4", "Discount -4"])
  }

  @Test("a discount is taken of the rounded lines, or of the exact ones where only the invoice is rounded")
  func rounding() throws {
    let unit = try Charge.Model.unit(.pages, unitPrice: decimal("0.015"))
    // 0.02 less a half of it; 0.015 less a half of it is 0.0075.
    #expect(try PricePlan.example([unit], discounts: ["50 %"]).calculation(pages: 1).subtotal == decimal("0.01"))
    let exact = try PricePlan.example([unit], discounts: ["50 %"], rounding: .invoice).calculation(pages: 1)
    #expect(exact.unroundedSubtotal.decimal == (try decimal("0.0075")))
    #expect(try exact.subtotal == decimal("0.01"))
  }

  @Test("in a split month amounts count for their days, and percentages of what is charged in them")
  func splitMonth() throws {
    func prices(_ discounts: [String], maximum: String?) throws -> Prices {
      Prices(
        currency: try euro(), charges: [Charge(.flat(amount: try decimal("300")))],
        discounts: try discounts.map(discount), maximum: try maximum.map(decimal))
    }
    let plan = PricePlan(
      name: "split",
      versions: [
        .init(prices: try prices(["30", "10 %"], maximum: nil)),
        .init(validFrom: CalendarDay("2026-11-11"), prorates: true, prices: try prices([], maximum: "150")),
      ])
    // Ten days: 100 - 10 - 9. Twenty days: 200, of which 100 are the most.
    #expect(
      try lines(plan) == ["Flat fee 100", "Discount -10", "Discount -9", "Flat fee 200", "Maximum -100"])
    #expect(try plan.calculation(pages: 0).lines.map(\.share?.days) == [10, 10, nil, 20, 20])
  }

  @Test("the rest after a discount and the tax in it are rounded once, and add up to what is paid")
  func taxInside() throws {
    let models = try ["0.335", "9.99", "4.45"].map { Charge.Model.flat(amount: try decimal($0)) }
    let byLine = try PricePlan.example(models, discounts: ["10 %"], tax: "19", includesTax: true).calculation(pages: 0)
    #expect(try byLine.total == decimal("13.30"))
    #expect(try [byLine.subtotal, byLine.tax] == ["11.18", "2.12"].map(decimal))
    let byInvoice = try PricePlan.example(
      models, discounts: ["10 %"], rounding: .invoice, tax: "19", includesTax: true
    ).calculation(pages: 0)
    #expect(try [byInvoice.total, byInvoice.subtotal] == ["13.30", "11.18"].map(decimal))
    // 13.2975 ÷ 1.19
    #expect(byInvoice.unroundedSubtotal.rounded(to: 10) == (try decimal("11.1743697479")))
  }

  @Test("packages in tiers are counted in each tier, or on all units, and may stand beside prices of units")
  func packagesInTiers() throws {
    let tiers = try tiers("100: 0, 250: 5 / 100, 0.03 + 1")
    let graduated = try PricePlan.example([.graduated(.pages, tiers)])
    // 150 units of the second tier are two packages, though 250 units would be three.
    #expect(try graduated.calculation(pages: 250).subtotal == decimal("10"))
    #expect(try graduated.calculation(pages: 101).subtotal == decimal("5"))
    #expect(try graduated.calculation(pages: 260).subtotal == decimal("11.3"))
    #expect(try graduated.calculation(pages: 260).lines[0].tiers.map(\.packages) == [nil, 2, nil])
    let volume = try PricePlan.example([.volume(.pages, tiers)])
    #expect(try [100, 101, 250].map { try volume.calculation(pages: $0).subtotal } == ["0", "10", "15"].map(decimal))
  }
}
