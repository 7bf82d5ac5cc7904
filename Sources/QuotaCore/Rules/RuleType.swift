/// The kinds of rules by the word that a configuration uses for `type`. Nothing else lists them: what a kind is and does
/// stands in its folder.
package enum RuleType: String, CaseIterable, Codable, Sendable {
  case threshold
  case forecast
  case spike
  case idle
  case correction
  case duplicateKey = "duplicate_key"
  case spend
  case stale
  case credential

  package var kind: any RuleKind.Type {
    switch self {
    case .threshold: ThresholdRule.self
    case .forecast: ForecastRule.self
    case .spike: SpikeRule.self
    case .idle: IdleRule.self
    case .correction: CorrectionRule.self
    case .duplicateKey: DuplicateKeyRule.self
    case .spend: SpendRule.self
    case .stale: StaleRule.self
    case .credential: CredentialRule.self
    }
  }

  /// What a test message pretends to be about.
  package static let example = threshold
}
