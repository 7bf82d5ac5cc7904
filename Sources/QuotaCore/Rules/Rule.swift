/// A condition that the user wants to hear of.
package struct Rule: Sendable {
  package var id: RuleID
  package var kind: any RuleKind
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
    id: RuleID, kind: any RuleKind, severity: RuleSeverity = RuleSeverity(), notify: [NotifierID] = [],
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
