import FoundationEssentials

extension Event {
  /// Events that version 1 of the database's schema holds have neither `firing` nor `episode`.
  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      id: try values.decode(EventID.self, forKey: .id),
      transition: try values.decode(Transition.self, forKey: .transition),
      rule: try values.decode(RuleID.self, forKey: .rule), topic: try values.decode(Topic.self, forKey: .topic),
      severity: try values.decode(Severity.self, forKey: .severity),
      organization: try values.decodeIfPresent(OrganizationID.self, forKey: .organization),
      organizationName: try values.decode(String.self, forKey: .organizationName),
      month: try values.decodeIfPresent(BillingMonth.self, forKey: .month),
      metric: try values.decodeIfPresent(Metric.self, forKey: .metric),
      level: try values.decodeIfPresent(Level.self, forKey: .level),
      crossed: try values.decode([Level].self, forKey: .crossed),
      firing: try values.decodeIfPresent([Level].self, forKey: .firing) ?? [],
      episode: try values.decodeIfPresent(Int64.self, forKey: .episode) ?? 1,
      flapping: try values.decodeIfPresent(Flapping.self, forKey: .flapping),
      acknowledgement: try values.decodeIfPresent(Acknowledgement.self, forKey: .acknowledgement),
      reason: try values.decode(String.self, forKey: .reason),
      evidence: try values.decode(Evidence.self, forKey: .evidence),
      occurredAt: try values.decode(Date.self, forKey: .occurredAt))
  }
}

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
