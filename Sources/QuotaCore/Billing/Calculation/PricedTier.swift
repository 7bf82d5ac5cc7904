/// A part of a charge that has one price: a tier, what is free, what exceeds, the packages.
package struct PricedTier: Hashable, Sendable {
  /// The first unit of the tier, from 1, and the last; nil for an open one. A flat charge has neither.
  package let firstUnit: Int64?
  package let lastUnit: Int64?
  /// The units that were used of it; 1 for a flat charge.
  package let quantity: Int64
  /// The packages that were begun, where packages have the price and not units.
  package let packages: Int64?
  /// The price of a unit or package.
  package let unitPrice: ExactDecimal
  /// Added once.
  package let flatAmount: ExactDecimal

  init(
    firstUnit: Int64? = nil, lastUnit: Int64? = nil, quantity: Int64, packages: Int64? = nil,
    unitPrice: ExactDecimal, flatAmount: ExactDecimal = .zero
  ) {
    self.firstUnit = firstUnit
    self.lastUnit = lastUnit
    self.quantity = quantity
    self.packages = packages
    self.unitPrice = unitPrice
    self.flatAmount = flatAmount
  }

  /// What it costs for a whole month, exact.
  package var amount: ExactDecimal { ExactDecimal(packages ?? quantity) * unitPrice + flatAmount }
}

extension Charge.Model {
  /// What is to be paid for a month's quantity: the tiers that were reached, at least one.
  ///
  /// - Parameters:
  ///   - counters: from 0; less counts as 0.
  ///   - billsZeroUsage: whether the first tier's flat amount is due without any usage.
  func tiers(for counters: Counters, billsZeroUsage: Bool) -> [PricedTier] {
    let quantity = max(metric.map { counters[$0] } ?? 1, 0)
    switch self {
    case .flat(let amount): return [PricedTier(quantity: 1, unitPrice: amount)]
    case .unit(_, let unitPrice): return [PricedTier(firstUnit: 1, quantity: quantity, unitPrice: unitPrice)]
    case .graduated(_, let tiers): return tiers.graduated(quantity, billsZeroUsage: billsZeroUsage)
    case .volume(_, let tiers): return [tiers.reached(by: quantity, billsZeroUsage: billsZeroUsage)]
    case .package(_, let size, let price, let free): return Self.packages(quantity, size, price, free: free)
    case .included(_, let included, let unitPrice):
      return Self.free(quantity, of: included) + [
        PricedTier(firstUnit: included + 1, quantity: max(quantity - included, 0), unitPrice: unitPrice)
      ]
    }
  }

  private static func packages(_ quantity: Int64, _ size: Int64, _ price: ExactDecimal, free: Int64) -> [PricedTier] {
    let charged = max(quantity - free, 0)
    return self.free(quantity, of: free) + [
      PricedTier(firstUnit: free + 1, quantity: charged, packages: charged.packages(of: size), unitPrice: price)
    ]
  }

  /// The units that cost nothing, where there are such.
  private static func free(_ quantity: Int64, of included: Int64) -> [PricedTier] {
    guard included > 0 else { return [] }
    return [PricedTier(firstUnit: 1, lastUnit: included, quantity: min(quantity, included), unitPrice: .zero)]
  }
}

extension Int64 {
  /// How many packages are begun with so many units.
  fileprivate func packages(of size: Int64) -> Int64 {
    let (full, rest) = quotientAndRemainder(dividingBy: size)
    return full + (rest > 0 ? 1 : 0)
  }
}

extension Tiers {
  fileprivate func graduated(_ quantity: Int64, billsZeroUsage: Bool) -> [PricedTier] {
    let first = priced(0, quantity: min(quantity, bounded.first?.upTo ?? .max), billsZeroUsage: billsZeroUsage)
    return [first]
      + bounded.indices.prefix { bounded[$0].upTo < quantity }.map { index in
        let upTo = index + 1 < bounded.count ? bounded[index + 1].upTo : .max
        return priced(index + 1, quantity: min(quantity, upTo) - bounded[index].upTo, billsZeroUsage: true)
      }
  }

  /// The one tier that the whole quantity is priced by.
  fileprivate func reached(by quantity: Int64, billsZeroUsage: Bool) -> PricedTier {
    let index = bounded.firstIndex { quantity <= $0.upTo } ?? bounded.count
    return priced(index, quantity: quantity, billsZeroUsage: billsZeroUsage)
  }

  /// The tier with a number from 0, the last one included.
  private func priced(_ index: Int, quantity: Int64, billsZeroUsage: Bool) -> PricedTier {
    let price = index < bounded.count ? bounded[index].price : last
    return PricedTier(
      firstUnit: index > 0 ? bounded[index - 1].upTo + 1 : 1,
      lastUnit: index < bounded.count ? bounded[index].upTo : nil,
      quantity: quantity, packages: price.packageSize.map { quantity.packages(of: $0) }, unitPrice: price.unitPrice,
      flatAmount: quantity > 0 || billsZeroUsage ? price.flatAmount : .zero)
  }
}
