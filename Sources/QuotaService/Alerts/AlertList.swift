package import QuotaCore

/// Lists alerts.
package struct ListAlerts: Sendable {
  let configuration: Configuration
  let database: DatabaseAccess

  /// The alerts that fire or are pending now, newest first, of one moment the highest level first; with `all` also those
  /// that have ended.
  ///
  /// An alert whose rule or organization is not configured any more is not judged any more; it is listed with `all`. What
  /// a dead letter was to tell is listed in any case.
  package func callAsFunction(all: Bool) async throws -> [Alert] {
    let store = try database.openForReading()
    let statuses: Set<Alert.Status> = all ? Set(Alert.Status.allCases) : [.firing, .pending]
    let (stored, dead) = try await store.read { reader in
      let dead = all ? [] : try reader.deadLetters()
      let lost = try Set(dead.flatMap(\.events).compactMap(\.organization)).flatMap { try reader.alerts(of: $0) }
      let known = try reader.alerts(statuses)
      let keys = Set(known.map(\.key))
      return (
        known + lost.filter { alert in !keys.contains(alert.key) && dead.contains { $0.concerns(alert.key) } }, dead
      )
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
}
