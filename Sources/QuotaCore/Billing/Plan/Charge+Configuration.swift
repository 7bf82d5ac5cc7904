extension Charge {
  package static let shape = Shape.byWord(
    "model", "How it is calculated.", of: ModelName.self, common: Fields(name, discounts) { ($0, $1) },
    as: { ($0.shapeName, $0.summary) }
  ) { word in
    Fields(name, word.fields, discounts) { Charge(name: $0, $1, discounts: $2) }
  }

  private static let name = Field(
    "name", .line(atMost: 100), .optional("what it charges for"), "What the line of the invoice is called.")
  private static let discounts = Field(
    "discounts", .list(of: Discount.shape), .usually([], "none"), "What is taken off this charge, one after the other.")
}

extension Charge.ModelName {
  fileprivate var shapeName: String { "\(rawValue)Charge" }

  fileprivate var summary: String {
    switch self {
    case .flat: "An amount for each month."
    case .unit: "A price for each unit."
    case .graduated: "Each tier's units at its own price, amounts added."
    case .volume: "All units at the price of the tier that is reached."
    case .package: "A price for each package that is begun."
    case .included: "A price for each unit beyond those that are included."
    }
  }

  fileprivate var fields: Fields<Charge.Model> {
    switch self {
    case .flat: Field("amount", .amount, .required, "What a month costs.").map { .flat(amount: $0) }
    case .unit: Fields(Self.metric, Self.unitPrice) { .unit($0, unitPrice: $1) }
    case .graduated: Fields(Self.metric, Self.tiers) { .graduated($0, $1) }
    case .volume: Fields(Self.metric, Self.tiers) { .volume($0, $1) }
    case .package:
      Fields(
        Self.metric, Field("package_size", .count(from: 1, to: Self.most), .required, "How many units a package has."),
        Field("package_price", .amount, .required, "The price of one package."),
        Field("free_units", .count(from: 0, to: Self.most), .usually(0), "How many units cost nothing.")
      ) { .package($0, size: $1, price: $2, freeUnits: $3) }
    case .included:
      Fields(
        Self.metric, Field("included", .count(from: 0, to: Self.most), .required, "How many units cost nothing."),
        Self.unitPrice
      ) { .included($0, included: $1, unitPrice: $2) }
    }
  }

  private static let most = Quota.largest
  private static let metric = Field("metric", .choice(of: Metric.self), .required, "Which counter.")
  private static let unitPrice = Field("unit_price", .amount, .required, "The price of one unit.")
  private static let tiers = Field(
    "tiers", Tiers.shape, .required, "The tiers, ascending; all but the last one have `up_to`.")
}

extension Tiers {
  /// A tier, and where it ends.
  private struct Entry {
    let upTo: Int64?
    let price: Price
  }

  private static let entry = Shape.object(
    Fields(
      Field(
        "up_to", .count(from: 1, to: Quota.largest), .optional,
        "The tier's last unit; the last tier is without."),
      Field("unit_price", .amount, .usually(.zero, "0"), "The price of one of its units."),
      Field("package_size", .count(from: 1, to: Quota.largest), .optional, "How many of its units a package has."),
      Field("package_price", .amount, .optional, "The price of a package that is begun, instead of `unit_price`."),
      Field("flat_amount", .amount, .usually(.zero, "0"), "Added once when the tier is reached.")
    ) { upTo, unitPrice, size, packagePrice, flatAmount in
      Entry(
        upTo: upTo, price: Price(unitPrice: packagePrice ?? unitPrice, packageSize: size, flatAmount: flatAmount))
    }
    .withAny(
      of: ["flat_amount", "unit_price", "package_price"],
      else: "a tier needs \"unit_price\", \"package_price\" or \"flat_amount\""
    )
    .together(
      ["package_size", "package_price"],
      else: "\"package_size\" and \"package_price\" need each other: how many units a package has, and what it costs"
    )
    .without(
      "unit_price", beside: "package_price",
      else: "a tier is priced by units or by packages; remove \"unit_price\" or \"package_price\"")
  )
  .named("tier", "The price of a tier's units or packages, and a flat amount once it is reached.")

  /// All but the last have `up_to`, ascending.
  fileprivate static let shape = Shape<Tiers>(
    ShapeDeclaration(words: "list of tiers", .list(of: entry.declaration, count: 1...(.max), isSet: false))
  ) { node in
    guard let nodes = node.array(atLeast: 1), let last = nodes.last else { return nil }
    var bounded: [Bounded] = []
    for node in nodes.dropLast() {
      guard let tier = node.decoded(as: entry) else { continue }
      guard let end = tier.upTo else {
        node.report("\"up_to\" is missing")
        continue
      }
      if let before = bounded.last, before.upTo >= end {
        node.member("up_to")?.report("\(end) is not above the \(before.upTo) of the tier before it")
      }
      bounded.append(Bounded(upTo: end, price: tier.price))
    }
    last.member("up_to")?.report("the last tier is open: leave \"up_to\" out, or add a tier for what is above")
    return last.decoded(as: entry).map { Tiers(bounded, last: $0.price) }
  }
  .tried(
    only: [
      [["unit_price": "1"]], [["package_size": 5, "package_price": "1"]],
      [["up_to": 5, "flat_amount": "1"], ["unit_price": "1", "flat_amount": "2"]],
    ],
    refuses: [
      [], [:], [[:]], [["unit_price": 1]], [["unit_price": "1", "price": "1"]], [["package_price": "1"]],
      [["package_size": 0, "package_price": "1"]], [["package_size": 5, "flat_amount": "1"]],
      [["unit_price": "1", "package_size": 5, "package_price": "1"]],
      [["up_to": 0, "unit_price": "1"], ["unit_price": "1"]],
      [["up_to": .number("1.5"), "unit_price": "1"], ["unit_price": "1"]],
    ],
    beyond: [
      [["unit_price": "1"], ["unit_price": "1"]], [["up_to": 1, "unit_price": "1"]],
      [["up_to": 2, "unit_price": "1"], ["up_to": 2, "unit_price": "1"], ["unit_price": "1"]],
    ])
}
