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

  package init?(_ text: String) {
    if let kind = RuleKind.Name(rawValue: text) {
      self = .rule(kind)
    } else if let topic = [Self.breaker, .retirement, .undelivered, .keys].first(where: { $0.description == text }) {
      self = topic
    } else {
      return nil
    }
  }
}
