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
}
