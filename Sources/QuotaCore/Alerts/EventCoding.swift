extension Event.Topic: TextCoded {
  /// The word that a configuration uses for the rule's `type`, or `breaker` or `keys`.
  package var description: String {
    switch self {
    case .rule(let kind): kind.rawValue
    case .breaker: "breaker"
    case .retirement: "retirement"
    case .undelivered: "undelivered"
    case .keys: "keys"
    }
  }

  package static let expected = "a kind of event"

  /// Every kind of event, those of rules first.
  package static let all = RuleType.allCases.map(Self.rule) + [.breaker, .retirement, .undelivered, .keys]

  package init?(_ text: String) {
    guard let topic = Self.all.first(where: { $0.description == text }) else { return nil }
    self = topic
  }
}
