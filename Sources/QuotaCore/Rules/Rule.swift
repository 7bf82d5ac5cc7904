/// A condition that the user wants to hear of.
package struct Rule: Hashable, Sendable {
  package let id: RuleID
  package let kind: RuleKind
  package let severity: Severity
  /// The notifiers that hear of it.
  package let notify: [NotifierID]

  package init(id: RuleID, kind: RuleKind, severity: Severity = .warning, notify: [NotifierID]) {
    self.id = id
    self.kind = kind
    self.severity = severity
    self.notify = notify
  }
}

/// The user's name for a rule; see ``Identifier``.
package struct RuleID: RawRepresentable, Hashable, Comparable, Codable, Sendable, CustomStringConvertible {
  package let rawValue: String

  package init(rawValue: String) {
    self.rawValue = rawValue
  }

  package init(_ rawValue: String) {
    self.rawValue = rawValue
  }

  package var description: String { rawValue }

  package static func < (first: RuleID, second: RuleID) -> Bool { first.rawValue < second.rawValue }
}

/// How urgent a rule's alerts are.
package enum Severity: String, Hashable, CaseIterable, Codable, Comparable, Sendable {
  case info
  case warning
  case critical

  package static func < (first: Severity, second: Severity) -> Bool {
    allCases.firstIndex(of: first) ?? 0 < allCases.firstIndex(of: second) ?? 0
  }
}

/// What a rule watches. A new kind is a folder beside this file, a case here, and a line in each switch below.
package enum RuleKind: Hashable, Sendable {
  case threshold(ThresholdRule)
  case stale(StaleRule)
  case credential(CredentialRule)

  /// The kinds by the word that a configuration uses for `type`.
  package enum Name: String, CaseIterable, Codable, Sendable {
    case threshold
    case stale
    case credential
  }

  package var name: Name {
    switch self {
    case .threshold: .threshold
    case .stale: .stale
    case .credential: .credential
    }
  }

  /// Decodes the settings that are particular to a kind.
  package init?(_ name: Name, from object: inout ConfigurationObject) {
    switch name {
    case .threshold:
      guard let rule = ThresholdRule(from: &object) else { return nil }
      self = .threshold(rule)
    case .stale:
      guard let rule = StaleRule(from: &object) else { return nil }
      self = .stale(rule)
    case .credential:
      self = .credential(CredentialRule())
    }
  }

  /// What a rule of this kind says of what was observed.
  func verdicts(for rule: RuleID, on observation: Observation) -> [Verdict] {
    switch self {
    case .threshold(let settings): settings.verdicts(for: rule, on: observation)
    case .stale(let settings): settings.verdicts(for: rule, on: observation)
    case .credential(let settings): settings.verdicts(for: rule, on: observation)
    }
  }
}

extension Rule {
  /// Decodes one entry of `rules`. References to notifiers are checked by who knows the notifiers.
  package init?(from node: ConfigurationNode) {
    let decoded = node.object { object -> Rule? in
      let id = object.required("id")?.identifier()
      let name = object.required("type")?.choice(of: RuleKind.Name.self)
      let severity = object.optional("severity").map { $0.choice(of: Severity.self) } ?? .warning
      let notify = object.optional("notify").map { $0.array()?.compactMap { $0.identifier() } ?? [] } ?? []
      guard let name else {
        object.expectEverything()
        return nil
      }
      let kind = RuleKind(name, from: &object)
      guard let id, let kind, let severity else { return nil }
      return Rule(id: RuleID(id), kind: kind, severity: severity, notify: notify.map { NotifierID($0) })
    }
    guard let decoded else { return nil }
    self = decoded
  }
}
