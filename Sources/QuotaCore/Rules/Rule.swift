/// A condition that the user wants to hear of.
package struct Rule: Hashable, Sendable {
  package var id: RuleID
  package var kind: RuleKind
  package var severity: RuleSeverity
  /// The notifiers that hear of it.
  package var notify: [NotifierID]
  /// For how long the condition has to hold before it is told.
  package var holdFor: HoldFor
  /// Whose usage it is judged on.
  package var scope: RuleScope
  /// After how long a firing alert is told again; nil for never.
  package var remindEvery: TimeSpan?
  /// A rule that is switched off is not judged; what it has told stays as it is.
  package var isEnabled: Bool

  package init(
    id: RuleID, kind: RuleKind, severity: RuleSeverity = RuleSeverity(), notify: [NotifierID] = [],
    holdFor: HoldFor? = nil, scope: RuleScope = RuleScope(), remindEvery: TimeSpan? = nil, isEnabled: Bool = true
  ) {
    self.id = id
    self.kind = kind
    self.severity = severity
    self.notify = notify
    self.holdFor = holdFor ?? kind.usualHoldFor
    self.scope = scope
    self.remindEvery = remindEvery
    self.isEnabled = isEnabled
  }

  /// What it says of what was observed, as far as that changes anything; see ``Observation/needsVerdict(of:holds:month:metric:level:)``.
  package func verdicts(on observation: Observation) -> [Verdict] {
    kind.verdicts(for: self, on: observation)
  }
}

/// The user's name for a rule; see ``Identifier``.
package typealias RuleID = ID<Rule>

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
  case forecast(ForecastRule)
  case spike(SpikeRule)
  case idle(IdleRule)
  case correction(CorrectionRule)
  case duplicateKey(DuplicateKeyRule)
  case spend(SpendRule)
  case stale(StaleRule)
  case credential(CredentialRule)

  /// The kinds by the word that a configuration uses for `type`.
  package enum Name: String, CaseIterable, Codable, Sendable {
    case threshold
    case forecast
    case spike
    case idle
    case correction
    case duplicateKey = "duplicate_key"
    case spend
    case stale
    case credential
  }

  package var name: Name {
    switch self {
    case .threshold: .threshold
    case .forecast: .forecast
    case .spike: .spike
    case .idle: .idle
    case .correction: .correction
    case .duplicateKey: .duplicateKey
    case .spend: .spend
    case .stale: .stale
    case .credential: .credential
    }
  }

  /// For how long the condition has to hold where the rule does not say.
  package var usualHoldFor: HoldFor {
    switch self {
    case .forecast: .readings(2)
    case .spend(let settings): .readings(settings.basis == .used ? 1 : 2)
    case .threshold, .spike, .idle, .correction, .duplicateKey, .stale, .credential: .readings(1)
    }
  }

  /// Whether the kind tells of what happened, not of a state; see ``Verdict/isMomentary``.
  package var isMomentary: Bool {
    switch self {
    case .correction: true
    case .threshold, .forecast, .spike, .idle, .duplicateKey, .spend, .stale, .credential: false
    }
  }

  /// Whether it looks at how use was spread over the last weeks.
  package var needsRhythm: Bool {
    switch self {
    case .forecast, .spike, .idle: true
    case .spend(let settings): settings.basis != .used
    case .threshold, .stale, .credential, .correction, .duplicateKey: false
    }
  }

  /// Decodes the settings that are particular to a kind.
  package init?(_ name: Name, from object: inout ConfigurationObject) {
    switch name {
    case .threshold:
      guard let rule = ThresholdRule(from: &object) else { return nil }
      self = .threshold(rule)
    case .forecast:
      guard let rule = ForecastRule(from: &object) else { return nil }
      self = .forecast(rule)
    case .spike:
      guard let rule = SpikeRule(from: &object) else { return nil }
      self = .spike(rule)
    case .idle:
      guard let rule = IdleRule(from: &object) else { return nil }
      self = .idle(rule)
    case .correction:
      guard let rule = CorrectionRule(from: &object) else { return nil }
      self = .correction(rule)
    case .duplicateKey:
      self = .duplicateKey(DuplicateKeyRule())
    case .spend:
      guard let rule = SpendRule(from: &object) else { return nil }
      self = .spend(rule)
    case .stale:
      guard let rule = StaleRule(from: &object) else { return nil }
      self = .stale(rule)
    case .credential:
      self = .credential(CredentialRule())
    }
  }

  /// What a rule of this kind says of what was observed.
  fileprivate func verdicts(for rule: Rule, on observation: Observation) -> [Verdict] {
    switch self {
    case .threshold(let settings): settings.verdicts(for: rule, on: observation)
    case .forecast(let settings): settings.verdicts(for: rule, on: observation)
    case .spike(let settings): settings.verdicts(for: rule, on: observation)
    case .idle(let settings): settings.verdicts(for: rule, on: observation)
    case .correction(let settings): settings.verdicts(for: rule, on: observation)
    case .duplicateKey(let settings): settings.verdicts(for: rule, on: observation)
    case .spend(let settings): settings.verdicts(for: rule, on: observation)
    case .stale(let settings): settings.verdicts(for: rule, on: observation)
    case .credential(let settings): settings.verdicts(for: rule, on: observation)
    }
  }
}
