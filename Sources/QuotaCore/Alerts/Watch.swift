/// What a configuration watches: an alert that it leaves out is neither judged nor told any more.
package struct Watch: Sendable {
  private let rules: [RuleID: Rule]
  /// Those that the alerts are of.
  private let organizations: [OrganizationID: Organization]
  /// How many organizations are configured.
  private let configured: Int
  /// Months before it keep the quota that they had.
  private let month: BillingMonth?

  /// - Parameters:
  ///   - organizations: all that are configured.
  ///   - alerts: those that are looked at.
  ///   - month: the current one.
  package init(
    _ rules: [Rule], _ organizations: some Collection<Organization>, over alerts: [AlertKey], in month: BillingMonth?
  ) {
    self.month = month
    self.rules = Dictionary(rules.map { ($0.id, $0) }) { first, _ in first }
    let wanted = Set(alerts.map(\.organization))
    self.organizations = Dictionary(
      organizations.lazy.filter { wanted.contains($0.id) }.map { ($0.id, $0) }
    ) { first, _ in first }
    configured = organizations.count
  }

  /// Why an alert is not watched, in words; nil if it is.
  package func obstacle(to key: AlertKey) -> String? {
    guard let organization = organizations[key.organization] else {
      return "organization \(key.organization) is not configured any more"
    }
    guard let rule = rules[key.rule] else { return "rule \(key.rule) is not configured any more" }
    guard rule.isEnabled else { return "rule \(key.rule) is switched off" }
    guard rule.scope.contains(organization) else {
      return "rule \(key.rule) does not apply to \(organization.id) any more"
    }
    guard rule.kind.covers(key) else {
      return "rule \(key.rule) does not look at \(key.level?.description ?? key.metric?.rawValue ?? "this") any more"
    }
    guard key.month.map({ $0 < month ?? $0 }) ?? true || rule.kind.canJudge(key, organization) else {
      let what = key.metric.map { "quota of \($0.rawValue)" } ?? "price"
      return "\(organization.id) has no \(what) any more"
    }
    return nil
  }

  /// Whether all organizations of some alerts are too many to be what an edit was meant to do; see ``Breaker``.
  package func isSuspicious(retiring affected: Set<OrganizationID>, by breaker: Breaker) -> Bool {
    breaker.trips(suspects: affected.count, of: Int(compared(with: affected)))
  }

  /// How many organizations are configured or affected.
  package func compared(with affected: Set<OrganizationID>) -> Int64 {
    Int64(configured + affected.count { organizations[$0] == nil })
  }
}
