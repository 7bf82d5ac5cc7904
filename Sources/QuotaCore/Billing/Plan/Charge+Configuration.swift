extension Charge {
  /// Decodes one entry of `charges`.
  init?(from node: ConfigurationNode) {
    let decoded = node.object { object -> Charge? in
      let model = object.required("model")?.choice(of: ModelName.self)
      let name = object.optional("name")?.chargeName()
      guard let model else {
        object.expectEverything()
        return nil
      }
      return Model(model, from: &object).map { Charge(name: name, $0) }
    }
    guard let decoded else { return nil }
    self = decoded
  }
}

extension Charge.Model {
  /// Decodes the fields that are particular to a model.
  fileprivate init?(_ name: Charge.ModelName, from object: inout ConfigurationObject) {
    if name == .flat {
      guard let amount = object.required("amount")?.amount() else { return nil }
      self = .flat(amount: amount)
      return
    }
    let metric = object.required("metric")?.choice(of: Metric.self)
    let units = 0...ThresholdRule.maximumCount
    switch name {
    case .flat: return nil
    case .unit:
      guard let price = object.required("unit_price")?.amount(), let metric else { return nil }
      self = .unit(metric, unitPrice: price)
    case .graduated, .volume:
      guard let tiers = object.required("tiers").flatMap({ Tiers(from: $0) }), let metric else { return nil }
      self = name == .graduated ? .graduated(metric, tiers) : .volume(metric, tiers)
    case .package:
      let size = object.required("package_size")?.integer(in: 1...units.upperBound)
      let price = object.required("package_price")?.amount()
      let free = object.optional("free_units").map { $0.integer(in: units) } ?? 0
      guard let metric, let size, let price, let free else { return nil }
      self = .package(metric, size: size, price: price, freeUnits: free)
    case .included:
      let included = object.required("included")?.integer(in: units)
      guard let price = object.required("unit_price")?.amount(), let metric, let included else { return nil }
      self = .included(metric, included: included, unitPrice: price)
    }
  }
}

extension Tiers {
  /// Decodes `tiers`: all but the last have `up_to`, ascending.
  fileprivate init?(from node: ConfigurationNode) {
    guard let items = node.array(atLeast: 1) else { return nil }
    var bounded: [Bounded] = []
    var last: Price?
    for (index, item) in items.enumerated() {
      let isLast = index == items.count - 1
      let decoded = item.object { object -> (upTo: Int64?, price: Price)? in
        let upTo = isLast ? object.optional("up_to") : object.required("up_to")
        if isLast { upTo?.report("the last tier is open: leave \"up_to\" out, or add a tier for what is above") }
        let end = isLast ? nil : upTo?.integer(in: 1...ThresholdRule.maximumCount)
        if let end, let before = bounded.last, before.upTo >= end {
          upTo?.report("\(end) is not above the \(before.upTo) of the tier before it")
        }
        return Price(from: &object).map { (end, $0) }
      }
      guard let decoded else { continue }
      if isLast { last = decoded.price }
      if let end = decoded.upTo { bounded.append(Bounded(upTo: end, price: decoded.price)) }
    }
    guard let last else { return nil }
    self.init(bounded, last: last)
  }
}

extension Tiers.Price {
  fileprivate init?(from object: inout ConfigurationObject) {
    let (unitPrice, flatAmount) = (object.optional("unit_price"), object.optional("flat_amount"))
    guard unitPrice != nil || flatAmount != nil else {
      object.node.report("a tier needs \"unit_price\" or \"flat_amount\", or both")
      return nil
    }
    self.init(unitPrice: unitPrice?.amount() ?? .zero, flatAmount: flatAmount?.amount() ?? .zero)
  }
}

extension ConfigurationNode {
  /// What a line of an invoice is called: up to 100 characters on one line.
  fileprivate func chargeName() -> String? {
    guard let name = string() else { return nil }
    guard name.unicodeScalars.count <= 100,
      !name.unicodeScalars.contains(where: { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) })
    else {
      report("must be at most 100 characters, without line breaks and other control characters")
      return nil
    }
    return name
  }
}
