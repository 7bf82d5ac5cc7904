import QuotaCore

extension ConfigurationDecoder {
  /// Reports what is allowed but leaves somebody in the dark: rules that nobody hears of or that cannot fire, and keys
  /// that are read twice.
  func warn(of configuration: Configuration, _ root: JSONNode) {
    let organizations = configuration.organizations.map(\.organization)
    for (index, rule) in configuration.rules.enumerated() {
      if rule.notify.isEmpty {
        let silent = organizations.filter(\.notify.isEmpty)
        if !silent.isEmpty { warn(unheard(for: silent, of: organizations), "rules", index, in: root) }
      }
      if case .threshold(let threshold) = rule.kind, !threshold.canFire(for: organizations) {
        let metric = threshold.metric.rawValue
        warn("cannot fire: no organization or plan has a quota of \(metric)", "rules", index, in: root)
      }
    }
    var places: [SecretReference: OrganizationID] = [:]
    for (index, entry) in configuration.organizations.enumerated() {
      if let other = places[entry.apiKey] {
        warn("has the same API key as \(other), so its usage is counted twice", "organizations", index, in: root)
      }
      places[entry.apiKey] = entry.organization.id
    }
  }

  private func unheard(for silent: [Organization], of all: [Organization]) -> String {
    if silent.count == all.count { return "nobody hears of it; add \"notify\" with names from \"notifiers\"" }
    let named = silent.prefix(3).map(\.id.rawValue).joined(separator: ", ")
    let more = silent.count > 3 ? " and \(silent.count - 3) more" : ""
    return "nobody hears of it for \(named)\(more); add \"notify\" to the rule or to the organizations"
  }

  private func warn(_ message: String, _ part: String, _ index: Int, in root: JSONNode) {
    guard case .array(let items)? = root[part]?.value, items.indices.contains(index) else { return }
    warnings.report(message, path: "\(part)[\(index)]", offset: items[index].offset)
  }
}

extension ThresholdRule {
  /// Whether one of the levels can be reached at all: a percentage needs a quota.
  fileprivate func canFire(for organizations: [Organization]) -> Bool {
    levels.contains { level in organizations.contains { level.threshold(quota: $0.quota[metric]) != nil } }
  }
}
