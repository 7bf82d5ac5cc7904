import Notifiers
import QuotaCore

/// Who is watched by which rules, and who hears of them, as far as a configuration says it.
struct RuleCoverage {
  /// Every notifier that something names, rules that are switched off among them.
  let used: Set<NotifierID>
  private let rules: [Rule]
  private let routes: [Route]
  private let hasDefaults: Bool
  private let hasUniversalRule: Bool

  init(_ configuration: Configuration) {
    rules = configuration.rules.filter(\.isEnabled)
    routes = configuration.routes
    hasDefaults = !configuration.defaultNotify.isEmpty
    hasUniversalRule = rules.contains { $0.scope == RuleScope() }
    used = Set(
      configuration.rules.flatMap(\.notify) + configuration.organizations.flatMap(\.organization.notify)
        + routes.flatMap(\.notify) + configuration.defaultNotify + configuration.breaker.notify
        + configuration.notifiers.flatMap(\.configuration.policy.fallback))
  }

  /// Whether some rule is judged on an organization.
  func isCovered(_ organization: Organization) -> Bool {
    hasUniversalRule || rules.contains { $0.scope.contains(organization) }
  }

  /// Whether some rule looks at a counter of an organization at all; where there is a quota, at how far it has come.
  func judges(_ metric: Metric, of organization: Organization, againstQuota: Bool) -> Bool {
    rules.contains { rule in
      (!againstQuota || type(of: rule.kind).comparesWithQuota) && rule.kind.alertMetric == metric
        && rule.scope.contains(organization)
    }
  }

  /// For which organizations nobody hears of a rule.
  func withoutRecipients(_ rule: Rule, among organizations: [Organization]) -> [Organization] {
    guard rule.notify.isEmpty, !hasDefaults else { return [] }
    let severities = Set(rule.severity.levels.values).union([rule.severity.usual])
    return organizations.filter { organization in
      organization.notify.isEmpty && !severities.contains { isRouted(rule.id, $0, organization) }
    }
  }

  private func isRouted(_ rule: RuleID, _ severity: Severity, _ organization: Organization) -> Bool {
    for route in routes where route.match.matches(rule, severity, organization) {
      if !route.notify.isEmpty { return true }
      if !route.continues { return false }
    }
    return false
  }
}
