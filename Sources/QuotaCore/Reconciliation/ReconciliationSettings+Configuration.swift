extension ReconciliationSettings {
  /// Decodes `reconciliation`.
  ///
  /// - Parameter plans: the names of the plans; nil if they are not known, so that none is missed.
  package init?(from node: ConfigurationNode, plans: Set<String>?) {
    let decoded = node.object { object -> Self in
      let tolerances = object.optional("tolerance").flatMap { Tolerances(from: $0) }
      let own = object.optional("plans").flatMap { Self.plans(from: $0, known: plans) }
      return Self(tolerances: tolerances ?? Tolerances(), plans: own ?? [:])
    }
    guard let decoded else { return nil }
    self = decoded
  }

  private static func plans(from node: ConfigurationNode, known: Set<String>?) -> [String: Tolerances]? {
    guard let members = node.members() else { return nil }
    var decoded: [String: Tolerances] = [:]
    for (name, plan) in members {
      if let known, !known.contains(name) {
        plan.report("no plan is called \"\(name)\"\(suggestion(for: name, among: known))")
      }
      decoded[name] = Tolerances(from: plan)
    }
    return decoded
  }
}

extension Tolerances {
  fileprivate init?(from node: ConfigurationNode) {
    let decoded = node.object { object in
      Self(
        quantity: object.optional("quantity").flatMap { Tolerance(ofQuantityFrom: $0) } ?? Tolerance(),
        amount: object.optional("amount").flatMap { Tolerance(ofAmountFrom: $0) } ?? Tolerance())
    }
    guard let decoded else { return nil }
    self = decoded
  }
}

extension Tolerance {
  fileprivate init?(ofQuantityFrom node: ConfigurationNode) {
    let decoded = node.object { object in
      let absolute = object.optional("absolute")?.integer(in: 0...ThresholdRule.maximumCount)
      return Self(
        absolute: absolute.map { ExactDecimal($0) }, percent: object.optional("percent")?.exactPercentage(),
        combination: object.optional("combine")?.choice(of: Combination.self) ?? .any)
    }
    guard let decoded else { return nil }
    self = decoded
  }

  fileprivate init?(ofAmountFrom node: ConfigurationNode) {
    let decoded = node.object { object in
      let absolute = object.optional("absolute")
      let formula = object.optional("formula")
      if absolute != nil { formula?.report("takes the place of \"absolute\"; leave one of them out") }
      return Self(
        absolute: absolute?.amount(), percent: object.optional("percent")?.exactPercentage(),
        combination: object.optional("combine")?.choice(of: Combination.self) ?? .any,
        isFocus: formula?.choice(of: Formula.self) == .focus)
    }
    guard let decoded else { return nil }
    self = decoded
  }

  private enum Formula: String, CaseIterable {
    case focus
  }
}
