package import QuotaCore

/// Lists alerts.
package struct ListAlerts: Sendable {
  let configuration: Configuration
  let database: DatabaseAccess

  /// Which alerts are wanted; all where a list is empty.
  package struct Choice: Sendable {
    /// Whether they are still configured or not.
    package var organizations: [String] = []
    package var rules: [String] = []
    package var severities: Set<Severity> = []

    package init() {}

    /// Whether something is left out.
    package var isPart: Bool { !organizations.isEmpty || !rules.isEmpty || !severities.isEmpty }
  }

  /// The alerts that fire or are pending now, newest first, of one moment the highest level first; with `all` also those
  /// that have ended.
  ///
  /// An alert whose rule or organization is not configured any more is not judged any more; it is listed with `all`. What
  /// a dead letter was to tell is listed in any case.
  package func callAsFunction(all: Bool, _ choice: Choice = Choice()) async throws -> [Alert] {
    let store = try database.openForReading()
    let statuses: Set<Alert.Status> = all ? Set(Alert.Status.allCases) : [.firing, .pending]
    let (stored, dead) = try await store.read { reader in
      let only = try configuration.knownOrganizations(choice.organizations, in: reader).map { Set($0) }
      let dead = all ? [] : try reader.deadLetters()
      let lost = try Set(dead.flatMap(\.events).compactMap(\.organization)).flatMap { try reader.alerts(of: $0) }
      let known = try reader.alerts(statuses)
      let keys = Set(known.map(\.key))
      let found = known + lost.filter { alert in !keys.contains(alert.key) && dead.contains { $0.concerns(alert.key) } }
      try configuration.checkRules(choice.rules, besides: Set(found.map(\.key.rule.rawValue)))
      let wanted = found.filter { alert in
        (only?.contains(alert.key.organization) ?? true)
          && (choice.rules.isEmpty || choice.rules.contains(alert.key.rule.rawValue))
          && (choice.severities.isEmpty || choice.severities.contains(alert.severity))
      }
      return (wanted, dead)
    }
    let alerts = stored.sorted {
      ($1.changedAt, $0.key.organization, $1.evidence.threshold ?? 0)
        < ($0.changedAt, $1.key.organization, $0.evidence.threshold ?? 0)
    }
    guard !all else { return alerts }
    let rules = Set(configuration.rules.filter(\.isEnabled).map(\.id))
    let organizations = Set(configuration.organizations.map(\.organization.id))
    return alerts.filter { alert in
      dead.contains { $0.concerns(alert.key) }
        || rules.contains(alert.key.rule) && organizations.contains(alert.key.organization)
    }
  }

  /// The figures that are not believed yet: what rests on them is not judged.
  ///
  /// - Parameter ids: the organizations; empty for all.
  package func doubts(of ids: [String]) async throws -> [Doubt] {
    try await database.openForReading().read { reader in
      let only = try configuration.knownOrganizations(ids, in: reader).map { Set($0) }
      return try reader.doubts().filter { $0.status != .takenBack && (only?.contains($0.organization) ?? true) }
    }
  }
}
