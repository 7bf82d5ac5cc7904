import QuotaCore
import Testing

func decimal(_ text: String) throws -> ExactDecimal { try #require(ExactDecimal(text), "\(text)") }

func euro() throws -> Currency { try #require(Currency("EUR")) }

/// Tiers from a text such as `10: 0.5 + 2, 20: 0.4, 0.3 + 1`: last unit, price of a unit, flat amount.
func tiers(_ text: String) throws -> Tiers {
  var bounded: [Tiers.Bounded] = []
  var last: Tiers.Price?
  for part in text.split(separator: ",") {
    let sides = part.split(separator: ":").map { $0.filter { $0 != " " } }
    let prices = try #require(sides.last).split(separator: "+")
    let price = Tiers.Price(
      unitPrice: try decimal(String(prices[0])), flatAmount: try decimal(prices.count > 1 ? String(prices[1]) : "0"))
    if sides.count == 2 {
      bounded.append(.init(upTo: try #require(Int64(sides[0])), price: price))
    } else {
      last = price
    }
  }
  return Tiers(bounded, last: try #require(last))
}

extension PricePlan {
  /// A plan with one version in euros.
  static func example(
    _ models: [Charge.Model], currency: String = "EUR", minimum: String? = nil, billsZeroUsage: Bool = true,
    rounding: Prices.Rounding = .line, tax: String? = nil
  ) throws -> PricePlan {
    let prices = Prices(
      currency: try #require(Currency(currency)), charges: models.map { Charge($0) },
      minimum: try minimum.map(decimal), billsZeroUsage: billsZeroUsage, rounding: rounding,
      taxPercent: try tax.map(decimal))
    return PricePlan(name: "example", versions: [.init(prices: prices)])
  }

  func calculation(pages: Int64, conversions: Int64 = 0, month: String = "2026-11") throws -> PriceCalculation {
    let month = try #require(BillingMonth(month))
    return try #require(calculation(of: month, Counters(pages: pages, conversions: conversions)))
  }
}
