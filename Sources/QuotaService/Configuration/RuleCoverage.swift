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

  /// Whether some rule looks at how far a counter of an organization has come.
  func isWatched(_ metric: Metric, of organization: Organization) -> Bool {
    rules.contains { $0.kind.watchedMetric == metric && $0.scope.contains(organization) }
  }

  /// For which organizations nobody hears of a rule.
  func unheard(_ rule: Rule, among organizations: [Organization]) -> [Organization] {
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

extension RuleKind {
  /// The counter whose height the kind is about.
  fileprivate var watchedMetric: Metric? {
    switch self {
    case .threshold(let rule): rule.metric
    case .forecast(let rule): rule.metric
    case .spike, .idle, .correction, .duplicateKey, .spend, .stale, .credential: nil
    }
  }
}

extension Rule {
  /// Why the rule can never fire; nil if it can.
  ///
  /// - Parameter covered: those of all organizations that it is judged on.
  func obstacle(_ covered: [Organization], of all: [Organization]) -> String? {
    guard !covered.isEmpty else { return "\"applies_to\" and \"except\" leave no organization to judge it on" }
    switch kind {
    case .threshold(let rule):
      return rule.canFire(for: covered) ? nil : Self.noQuota(of: rule.metric, covered, all)
    case .forecast(let rule):
      return covered.contains { organization in
        organization.quotas.all.contains { rule.mark.threshold(quota: $0[rule.metric]) != nil }
      }
        ? nil : Self.noQuota(of: rule.metric, covered, all)
    case .duplicateKey:
      return all.count > 1 ? nil : "there is only one organization, so no two keys can be compared"
    case .spend, .spike, .idle, .correction, .stale, .credential:
      return nil
    }
  }

  private static func noQuota(of metric: Metric, _ covered: [Organization], _ all: [Organization]) -> String {
    let whose = covered.count == all.count ? "organization or plan" : "organization that it applies to"
    return "no \(whose) has a quota of \(metric.rawValue)"
  }
}

extension ThresholdRule {
  /// Whether one of the levels or steps can be reached at all: a percentage needs a quota, and a step in percent one
  /// above 0.
  fileprivate func canFire(for organizations: [Organization]) -> Bool {
    organizations.flatMap(\.quotas.all).contains { quotas in
      let quota = quotas[metric]
      if levels.contains(where: { $0.threshold(quota: quota) != nil }) { return true }
      switch every {
      case .count?: return true
      case .percent?: return (quota ?? 0) > 0
      case nil: return false
      }
    }
  }
}
