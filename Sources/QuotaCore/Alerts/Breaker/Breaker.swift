import FoundationEssentials

/// When so many organizations move beyond reason at once that the vendor's figures are suspect rather than everybody's
/// use: the settings `breaker`.
package struct Breaker: Hashable, Sendable {
  package var isEnabled = true
  /// More than so many percent of the organizations that a run compares, 1 to 100.
  package var percent: Int64 = 20
  /// And at least so many organizations.
  package var minimum: Int64 = 5
  /// Who hears of it; empty for everybody who hears of more than one organization.
  package var notify: [NotifierID] = []

  package init() {}

  /// The rule that the events bear, and that a silence may name.
  package static let rule = RuleID("breaker")

  package init?(from node: ConfigurationNode) {
    let decoded = node.object { object -> Breaker? in
      var breaker = Breaker()
      breaker.isEnabled = object.optional("enabled")?.boolean() ?? true
      breaker.percent = object.optional("percent")?.integer(in: 1...100) ?? breaker.percent
      breaker.minimum = object.optional("minimum")?.integer(in: 1...1_000_000) ?? breaker.minimum
      breaker.notify = object.optional("notify")?.array()?.compactMap { $0.identifier() }.map { NotifierID($0) } ?? []
      return breaker
    }
    guard let decoded else { return nil }
    self = decoded
  }

  /// Whether so many suspects among so many organizations are too many.
  func trips(suspects: Int, of compared: Int) -> Bool {
    isEnabled && Int64(suspects) >= minimum && Int64(suspects) * 100 > percent * Int64(compared)
  }
}
