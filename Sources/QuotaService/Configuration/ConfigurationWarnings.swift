import QuotaCore

/// What is allowed but leaves somebody in the dark: rules that nobody hears of or that cannot fire, organizations and
/// quotas that no rule watches, and notifiers that nobody uses.
struct ConfigurationWarnings {
  private let warnings: ConfigurationIssues

  /// Adds what there is to warn of.
  ///
  /// - Parameter root: what the configuration was decoded from.
  static func add(to warnings: ConfigurationIssues, of configuration: Configuration, _ root: JSONNode) {
    ConfigurationWarnings(warnings: warnings).warn(of: configuration, root)
  }

  private func warn(of configuration: Configuration, _ root: JSONNode) {
    let organizations = configuration.organizations.map(\.organization)
    let coverage = RuleCoverage(configuration)
    for (index, rule) in configuration.rules.enumerated() where rule.isEnabled {
      let covered = organizations.filter(rule.scope.contains)
      let warning =
        covered.isEmpty
        ? "cannot fire: \"applies_to\" and \"except\" leave no organization to judge it on"
        : rule.kind.warning(for: covered, of: organizations)
      if let warning { warn(warning, "rules", index, in: root) }
      let silent = coverage.withoutRecipients(rule, among: covered)
      if !silent.isEmpty { warn(withoutRecipients(for: silent, of: covered), "rules", index, in: root) }
    }
    warnOfUnwatched(organizations, coverage, root)
    warnOfUnused(coverage, root)
  }

  private func withoutRecipients(for silent: [Organization], of all: [Organization]) -> String {
    if silent.count == all.count {
      return "nobody hears of it; add \"notify\" with names from \"notifiers\", or \"default_notify\""
    }
    return "nobody hears of it for \(names(silent)); add \"notify\" to the rule or to the organizations"
  }

  /// Organizations without any rule, and quotas without a rule that compares them with the use.
  private func warnOfUnwatched(_ organizations: [Organization], _ coverage: RuleCoverage, _ root: JSONNode) {
    guard let node = root["organizations"] else { return }
    func warn(_ message: String) { warnings.report(message, path: "organizations", offset: node.offset) }
    let uncovered = organizations.filter { !coverage.isCovered($0) }
    if uncovered.count == organizations.count {
      return warn("no rule covers any of them; add \"rules\" to hear of something")
    }
    if !uncovered.isEmpty { warn("no rule covers \(names(uncovered))") }
    for metric in Metric.allCases {
      let unwatched = organizations.filter {
        $0.quotas.all.contains { $0[metric] != nil } && coverage.isCovered($0)
          && !coverage.judges(metric, of: $0, againstQuota: true)
      }
      guard !unwatched.isEmpty else { continue }
      let whose = unwatched.count == organizations.count ? "" : " of \(names(unwatched))"
      let kinds = RuleType.allCases.filter { $0.kind.comparesWithQuota }.map { "\"\($0.rawValue)\"" }
      warn("no rule watches the quota of \(metric.rawValue)\(whose); add a \(kinds.joined(separator: " or ")) rule")
    }
  }

  private func warnOfUnused(_ coverage: RuleCoverage, _ root: JSONNode) {
    guard case .object(let members)? = root["notifiers"]?.value else { return }
    for member in members where !coverage.used.contains(NotifierID(member.name)) {
      warnings.report(
        "nobody uses it: no rule, organization, route or default names it", path: "notifiers.\(member.name)",
        offset: member.nameOffset)
    }
  }

  /// `a, b, c and 7 more`.
  private func names(_ organizations: [Organization]) -> String {
    let named = organizations.prefix(3).map(\.id.rawValue).joined(separator: ", ")
    return organizations.count > 3 ? "\(named) and \((organizations.count - 3).grouped) more" : named
  }

  private func warn(_ message: String, _ part: String, _ index: Int, in root: JSONNode) {
    guard case .array(let items)? = root[part]?.value, items.indices.contains(index) else { return }
    warnings.report(message, offset: items[index].offset)
  }
}
