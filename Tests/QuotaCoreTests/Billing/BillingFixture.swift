import QuotaCore
import Testing

func decimal(_ text: String) throws -> ExactDecimal { try #require(ExactDecimal(text), "\(text)") }

func euro() throws -> Currency { try #require(Currency("EUR")) }

/// Tiers from a text such as `10: 0.5 + 2, 20: 0.4, 3 / 10 + 1`: last unit, price of a unit or of so many, flat amount.
func tiers(_ text: String) throws -> Tiers {
  var bounded: [Tiers.Bounded] = []
  var last: Tiers.Price?
  for part in text.split(separator: ",") {
    let sides = part.split(separator: ":").map { $0.filter { $0 != " " } }
    let prices = try #require(sides.last).split(separator: "+")
    let unit = prices[0].split(separator: "/")
    let price = Tiers.Price(
      unitPrice: try decimal(String(unit[0])), packageSize: unit.count > 1 ? Int64(unit[1]) : nil,
      flatAmount: try decimal(prices.count > 1 ? String(prices[1]) : "0"))
    if sides.count == 2 {
      bounded.append(.init(upTo: try #require(Int64(sides[0])), price: price))
    } else {
      last = price
    }
  }
  return Tiers(bounded, last: try #require(last))
}

/// A discount from a text such as `10 %` or `20.00`.
func discount(_ text: String) throws -> Discount {
  guard text.hasSuffix(" %") else { return Discount(.amount(try decimal(text))) }
  return Discount(.percent(try decimal(String(text.dropLast(2)))))
}

extension PricePlan {
  /// A plan with one version in euros.
  static func example(
    _ models: [Charge.Model], currency: String = "EUR", discounts: [String] = [], minimum: String? = nil,
    maximum: String? = nil, billsZeroUsage: Bool = true, rounding: Prices.Rounding = .line, tax: String? = nil,
    includesTax: Bool = false
  ) throws -> PricePlan {
    let prices = Prices(
      currency: try #require(Currency(currency)), charges: models.map { Charge($0) },
      discounts: try discounts.map(discount), minimum: try minimum.map(decimal), maximum: try maximum.map(decimal),
      billsZeroUsage: billsZeroUsage, rounding: rounding, taxPercent: try tax.map(decimal), includesTax: includesTax)
    return PricePlan(name: "example", versions: [.init(prices: prices)])
  }

  func calculation(pages: Int64, conversions: Int64 = 0, month: String = "2026-11") throws -> PriceCalculation {
    let month = try #require(BillingMonth(month))
    return try #require(calculation(of: month, Counters(pages: pages, conversions: conversions)))
  }
}
