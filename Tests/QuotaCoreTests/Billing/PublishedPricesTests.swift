import QuotaCore
import Testing

/// The worked examples that vendors of billing systems publish.
@Suite("Published examples of prices")
struct PublishedPricesTests {
  private func subtotal(_ model: Charge.Model, _ pages: Int64) throws -> ExactDecimal {
    try PricePlan.example([model]).calculation(pages: pages).subtotal
  }

  private static let stripe = "5: 7, 10: 6.50, 6"
  private static let stripeFlat = "5: 5 + 10, 10: 4 + 20, 3 + 30"

  @Test(
    "Stripe, tiered pricing: volume",
    arguments: [(1, "7"), (5, "35"), (6, "39"), (20, "120"), (25, "150"), (0, "0"), (10, "65"), (11, "66")])
  func stripeVolume(quantity: Int64, amount: String) throws {
    #expect(try subtotal(.volume(.pages, tiers(Self.stripe)), quantity) == decimal(amount))
  }

  @Test(
    "Stripe, tiered pricing: graduated",
    arguments: [(1, "7"), (5, "35"), (6, "41.50"), (20, "127.50"), (25, "157.50"), (0, "0"), (10, "67.50")])
  func stripeGraduated(quantity: Int64, amount: String) throws {
    #expect(try subtotal(.graduated(.pages, tiers(Self.stripe)), quantity) == decimal(amount))
  }

  @Test("Stripe, tiers with flat fees", arguments: [(12, "66", "111"), (0, "10", "10"), (5, "35", "35")])
  func stripeFlatFees(quantity: Int64, volume: String, graduated: String) throws {
    #expect(try subtotal(.volume(.pages, tiers(Self.stripeFlat)), quantity) == decimal(volume))
    #expect(try subtotal(.graduated(.pages, tiers(Self.stripeFlat)), quantity) == decimal(graduated))
  }

  @Test(
    "Lago, package: 5.00 for 100 units, the first 100 free",
    arguments: [(201, "10"), (0, "0"), (100, "0"), (101, "5"), (200, "5"), (300, "10"), (301, "15")])
  func lagoPackage(quantity: Int64, amount: String) throws {
    let model = Charge.Model.package(.pages, size: 100, price: try decimal("5.00"), freeUnits: 100)
    #expect(try subtotal(model, quantity) == decimal(amount))
  }

  @Test(
    "Lago, graduated with flat fees",
    arguments: [(0, "2"), (1, "12"), (10, "102"), (11, "110"), (12, "115"), (20, "155"), (21, "163")])
  func lagoGraduated(quantity: Int64, amount: String) throws {
    #expect(try subtotal(.graduated(.pages, tiers("10: 10 + 2, 20: 5 + 3, 5 + 3")), quantity) == decimal(amount))
  }

  @Test("Lago, minimum commitment", arguments: [("50", "100", "50"), ("800", "1000", "200"), ("1300", "1000", nil)])
  func lagoMinimum(usage: String, minimum: String, trueUp: String?) throws {
    let calculation = try PricePlan.example([.flat(amount: decimal(usage))], minimum: minimum).calculation(pages: 0)
    #expect(calculation.lines.count == (trueUp == nil ? 1 : 2))
    #expect(calculation.lines.dropFirst().first?.rounded == (try trueUp.map(decimal)))
    #expect(try calculation.subtotal == max(decimal(usage), decimal(minimum)))
  }

  // https://docs.flexprice.io/docs/product-catalogue/plans/billing-models/tiered: packages are counted on all units.
  @Test(
    "Flexprice, packages in tiers, volume: 4,500 are five packages of 1,000", arguments: [(4_500, "5"), (4_000, "4")])
  func flexpricePackages(quantity: Int64, amount: String) throws {
    #expect(try subtotal(.volume(.pages, tiers("10000: 1.00 / 1000, 0.80 / 1000")), quantity) == decimal(amount))
  }

  // https://www.chargebee.com/docs/billing/2.0/product-catalog/package-pricing: rounded up within each tier. Chargebee
  // bills one package of an unused month too, which is a `flat_amount` here.
  @Test(
    "Chargebee, packages of a million for 1.25",
    arguments: [(10, "1.25"), (1_000_000, "1.25"), (1_500_000, "2.50"), (0, "0")])
  func chargebeePackages(quantity: Int64, amount: String) throws {
    let tiers = try tiers("1.25 / 1000000")
    #expect(try subtotal(.graduated(.pages, tiers), quantity) == decimal(amount))
    #expect(try subtotal(.volume(.pages, tiers), quantity) == decimal(amount))
  }

  // https://docs.oracle.com/en/industries/financial-services/banking-liquidity-management-cloud-service/14.7.4.0.0/oblug/examples-tier-based-amount.html
  @Test(
    "Oracle, an amount for each tier: of the one that is reached, or of all that are reached",
    arguments: [(1_000, "30", "60"), (500, "20", "30"), (250, "10", "10"), (251, "20", "30"), (501, "30", "60")])
  func oracleSteps(quantity: Int64, reached: String, added: String) throws {
    let tiers = try tiers("250: 0 + 10, 500: 0 + 20, 0 + 30")
    #expect(try subtotal(.volume(.pages, tiers), quantity) == decimal(reached))
    #expect(try subtotal(.graduated(.pages, tiers), quantity) == decimal(added))
  }

  // https://docs.solvimon.com/docs/staircase-pricing
  @Test("Solvimon, stairstep: 200 are 25.00 and 20.00")
  func solvimonSteps() throws {
    #expect(try subtotal(.graduated(.pages, tiers("100: 0 + 25, 1000: 0 + 20, 0 + 15")), 200) == decimal("45"))
  }

  // https://docs.flexprice.io/docs/invoices/calculation, without the wallet, which pays and does not price.
  @Test("Flexprice, discounts: 25 % off the usage, then 10 off the rest, then tax")
  func flexpriceDiscounts() throws {
    let prices = Prices(
      currency: try #require(Currency("USD")),
      charges: [
        Charge(.unit(.pages, unitPrice: try decimal("0.08")), discounts: [try discount("25 %")]),
        Charge(.flat(amount: try decimal("20"))),
      ], discounts: [try discount("10")], taxPercent: try decimal("8.25"))
    let calculation = try PricePlan(name: "p", versions: [.init(prices: prices)]).calculation(pages: 1_000)
    #expect(try calculation.lines.map(\.rounded) == ["80", "-20", "20", "-10"].map(decimal))
    #expect(try calculation.subtotal == decimal("70"))
    #expect(try calculation.tax == decimal("5.78"))
  }

  // The same page: "Two 10% coupons produce a 19% effective discount, not 20%", and no discount makes less than nothing.
  @Test(
    "Flexprice, discounts one after the other",
    arguments: [(["10 %", "10 %"], "81"), (["30", "10 %"], "63"), (["10 %", "30"], "60"), (["80", "80"], "0")])
  func flexpriceChain(discounts: [String], amount: String) throws {
    let plan = try PricePlan.example([.flat(amount: decimal("100"))], discounts: discounts)
    #expect(try plan.calculation(pages: 0).subtotal == decimal(amount))
  }

  // Dynamics 365 Business Central, "Billing by Amount" of Advanced Recurring Contract Billing: brackets at 1.50 and 1.00.
  @Test("Business Central, at least 200 and at most 500", arguments: [(10, "1.50", "200"), (600, "1.00", "500")])
  func businessCentralLimits(quantity: Int64, price: String, amount: String) throws {
    let plan = try PricePlan.example([.unit(.pages, unitPrice: decimal(price))], minimum: "200", maximum: "500")
    #expect(try plan.calculation(pages: quantity).subtotal == decimal(amount))
  }

  // Zuora, "Rounding rule for inclusive tax mode", by default the net amount; Square: 10 % in 1.00 are 0.09.
  @Test(
    "Zuora and Square, prices with their tax in them",
    arguments: [("2.99", "4", "2.88", "0.11"), ("1.00", "10", "0.91", "0.09"), ("110", "10", "100", "10")])
  func taxInside(price: String, percent: String, net: String, tax: String) throws {
    let calculation = try PricePlan.example([.flat(amount: decimal(price))], tax: percent, includesTax: true)
      .calculation(pages: 0)
    #expect(try [calculation.subtotal, calculation.tax, calculation.total] == [net, tax, price].map(decimal))
  }
}
