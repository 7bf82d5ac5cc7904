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

  /// What it says of what was observed, as far as that changes anything; see ``RuleInput/needsVerdict(of:holds:month:metric:level:)``.
  package func verdicts(on input: RuleInput) -> [Verdict] {
    kind.verdicts(for: self, on: input)
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

    /// The settings that are particular to the kind.
    var fields: Fields<RuleKind> {
      switch self {
      case .threshold: ThresholdRule.fields.map(RuleKind.threshold)
      case .forecast: ForecastRule.fields.map(RuleKind.forecast)
      case .spike: SpikeRule.fields.map(RuleKind.spike)
      case .idle: IdleRule.fields.map(RuleKind.idle)
      case .correction: CorrectionRule.fields.map(RuleKind.correction)
      case .duplicateKey: .none(.duplicateKey(DuplicateKeyRule()))
      case .spend: SpendRule.fields.map(RuleKind.spend)
      case .stale: StaleRule.fields.map(RuleKind.stale)
      case .credential: .none(.credential(CredentialRule()))
      }
    }

    /// A sentence on what it tells.
    package var summary: String {
      switch self {
      case .threshold: "A counter reaches levels of its quota, or counts."
      case .forecast: "The month is expected to pass its quota."
      case .spike: "An organization uses much more than it usually does."
      case .idle: "It uses nothing in the time in which it usually does."
      case .correction: "A counter went down, or a settled or closed month changed."
      case .duplicateKey: "Two keys show the same counters."
      case .spend: "The month costs an amount, or is expected to."
      case .stale: "An organization could not be read for a while."
      case .credential: "The vendor refuses a key, or something in between keeps it from the vendor."
      }
    }

    /// For how long its condition has to hold where a rule does not say, in words.
    package var holdForWords: String {
      switch self {
      case .forecast: "2"
      case .spend: "1, for the basis `projected` 2"
      case .threshold, .spike, .idle, .correction, .duplicateKey, .stale, .credential: "1"
      }
    }

    /// See ``RuleKind/isMomentary``.
    package var isMomentary: Bool { self == .correction }
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
  package var isMomentary: Bool { name.isMomentary }

  /// Whether it looks at how use was spread over the last weeks.
  package var needsProfile: Bool {
    switch self {
    case .forecast, .spike, .idle: true
    case .spend(let settings): settings.basis != .used
    case .threshold, .stale, .credential, .correction, .duplicateKey: false
    }
  }

  /// What a rule of this kind says of what was observed.
  fileprivate func verdicts(for rule: Rule, on input: RuleInput) -> [Verdict] {
    switch self {
    case .threshold(let settings): settings.verdicts(for: rule, on: input)
    case .forecast(let settings): settings.verdicts(for: rule, on: input)
    case .spike(let settings): settings.verdicts(for: rule, on: input)
    case .idle(let settings): settings.verdicts(for: rule, on: input)
    case .correction(let settings): settings.verdicts(for: rule, on: input)
    case .duplicateKey(let settings): settings.verdicts(for: rule, on: input)
    case .spend(let settings): settings.verdicts(for: rule, on: input)
    case .stale(let settings): settings.verdicts(for: rule, on: input)
    case .credential(let settings): settings.verdicts(for: rule, on: input)
    }
  }
}
