/// One thing that a plan charges for. Quantities are of a whole month.
package struct Charge: Hashable, Sendable {
  /// What the line of the invoice is called.
  package let name: String
  package let model: Model
  /// Taken off one after the other.
  package let discounts: [Discount]

  /// - Parameter name: what it charges for by default.
  package init(name: String? = nil, _ model: Model, discounts: [Discount] = []) {
    self.name = name ?? model.defaultName
    self.model = model
    self.discounts = discounts
  }

  /// How an amount follows from a quantity. The terms are those that billing systems share; see `docs/prices.md`.
  package enum Model: Hashable, Sendable {
    /// An amount once a month.
    case flat(amount: ExactDecimal)
    /// A price for each unit.
    case unit(Metric, unitPrice: ExactDecimal)
    /// Each tier's units at its own price, amounts added.
    case graduated(Metric, Tiers)
    /// All units at the price of the tier that the quantity reaches.
    case volume(Metric, Tiers)
    /// A price for each package that is begun, after some free units.
    case package(Metric, size: Int64, price: ExactDecimal, freeUnits: Int64)
    /// Some units included, a price for each unit above.
    case included(Metric, included: Int64, unitPrice: ExactDecimal)
  }

  /// The models by the word that a configuration uses for `model`.
  package enum ModelName: String, CaseIterable, Codable, Sendable {
    case flat
    case unit
    case graduated
    case volume
    case package
    case included
  }
}

/// The tiers of a charge, each up to a quantity and the last one open.
package struct Tiers: Hashable, Sendable {
  /// The tiers that end, ascending.
  package let bounded: [Bounded]
  package let last: Price

  /// What a tier costs: each of its units or packages, and a flat amount once the tier is reached.
  package struct Price: Hashable, Sendable {
    /// The price of a unit, or of a package where the tier has a size of them.
    package let unitPrice: ExactDecimal
    /// How many units a package has, from 1; nil where units have the price.
    package let packageSize: Int64?
    package let flatAmount: ExactDecimal

    package init(unitPrice: ExactDecimal = .zero, packageSize: Int64? = nil, flatAmount: ExactDecimal = .zero) {
      self.unitPrice = unitPrice
      self.packageSize = packageSize
      self.flatAmount = flatAmount
    }
  }

  package struct Bounded: Hashable, Sendable {
    /// The tier's last unit, from 1.
    package let upTo: Int64
    package let price: Price

    package init(upTo: Int64, price: Price) {
      self.upTo = upTo
      self.price = price
    }
  }

  /// - Parameter bounded: strictly ascending.
  package init(_ bounded: [Bounded] = [], last: Price) {
    self.bounded = bounded
    self.last = last
  }
}

extension Charge.Model {
  package var name: Charge.ModelName {
    switch self {
    case .flat: .flat
    case .unit: .unit
    case .graduated: .graduated
    case .volume: .volume
    case .package: .package
    case .included: .included
    }
  }

  /// The counter that is charged for; nil for a flat charge.
  package var metric: Metric? {
    switch self {
    case .flat: nil
    case .unit(let metric, _), .graduated(let metric, _), .volume(let metric, _), .package(let metric, _, _, _),
      .included(let metric, _, _):
      metric
    }
  }

  /// What is paid for.
  var subject: PriceCalculation.Subject { metric.map { .usage($0) } ?? .fees }

  fileprivate var defaultName: String {
    switch metric {
    case nil: "Flat fee"
    case .pages: "Pages"
    case .conversions: "Conversions"
    }
  }
}
