/// What a rule watches, with its settings: one folder beside this file, and a line in ``RuleType``.
package protocol RuleKind: EventKind, Hashable {
  static var type: RuleType { get }

  /// The settings that are particular to the kind.
  static var fields: Fields<Self> { get }

  /// For how long its condition has to hold where a rule does not say, in words.
  static var usualHoldForWords: String { get }

  /// Whether its alerts belong to a month and end with it.
  static var isMonthly: Bool { get }

  /// Whether it looks at how far a counter has come on the way to its quota.
  static var comparesWithQuota: Bool { get }

  /// Whether it compares organizations with each other, so that it is judged at the end of a run.
  static var comparesOrganizations: Bool { get }

  /// Whether it can be judged on the stored readings of one organization.
  static var isReplayable: Bool { get }

  /// Makes an event with made-up figures one of this kind.
  ///
  /// - Parameter event: about an organization, with a month if ``isMonthly``, and without metric, levels and evidence.
  static func fill(sample event: inout Event, number: Int64)

  /// The metric that its alerts bear.
  var alertMetric: Metric? { get }

  /// For how long the condition has to hold where the rule does not say.
  var usualHoldFor: HoldFor { get }

  /// Whether it looks at ``RuleInput/profile``.
  var needsProfile: Bool { get }

  /// Says whether the condition holds, of everything that it is about. What cannot be told is left out.
  func judge(_ input: RuleInput, into verdicts: inout some VerdictSink)

  /// Whether an alert of the rule's own id speaks of something that the rule looks at.
  func covers(_ key: AlertKey) -> Bool

  /// Whether the organization has what a covered alert is measured by.
  func canJudge(_ key: AlertKey, _ organization: Organization) -> Bool

  /// Why the rule can never fire, or says less than it seems to; nil if all is well.
  ///
  /// - Parameters:
  ///   - covered: the organizations that it is judged on, at least one.
  ///   - all: every organization that is configured.
  func warning(for covered: [Organization], of all: [Organization]) -> String?
}

extension RuleKind {
  package static var usualHoldForWords: String { "1" }
  package static var isMonthly: Bool { false }
  package static var comparesWithQuota: Bool { false }
  package static var comparesOrganizations: Bool { false }
  package static var isReplayable: Bool { true }
  package var alertMetric: Metric? { nil }
  package var usualHoldFor: HoldFor { .readings(1) }
  package var needsProfile: Bool { false }

  package static func fill(sample event: inout Event, number: Int64) {
    event.evidence = Evidence(observedAfter: event.occurredAt - .hours(8), observedAt: event.occurredAt)
  }

  package func covers(_ key: AlertKey) -> Bool {
    key.metric == alertMetric && key.level == nil && (key.month != nil) == Self.isMonthly
  }

  package func canJudge(_ key: AlertKey, _ organization: Organization) -> Bool { true }

  package func warning(for covered: [Organization], of all: [Organization]) -> String? { nil }

  /// See ``RuleType``.
  package var type: RuleType { Self.type }

  package var isMomentary: Bool { Self.isMomentary }

  static var anyFields: Fields<any RuleKind> { fields.map { $0 } }

  /// That a quota is missing which the rule compares with.
  static func noQuota(of metric: Metric, _ covered: [Organization], _ all: [Organization]) -> String {
    let whose = covered.count == all.count ? "organization or plan" : "organization that it applies to"
    return "cannot fire: no \(whose) has a quota of \(metric.rawValue)"
  }
}

extension Organization {
  func quota(_ metric: Metric, in month: BillingMonth?) -> Int64? { month.flatMap { quotas[$0][metric] } }
}
