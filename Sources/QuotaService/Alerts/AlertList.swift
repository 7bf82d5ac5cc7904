package import QuotaCore

extension Service {
  /// The alerts that fire or are pending now, newest first, of one moment the highest level first; with `all` also those
  /// that have ended.
  ///
  /// An alert whose rule or organization is not configured any more is not judged any more; it is listed with `all`.
  package func alerts(all: Bool) async throws -> [Alert] {
    let store = try openForReading()
    let statuses: Set<Alert.Status> = all ? Set(Alert.Status.allCases) : [.firing, .pending]
    let alerts = try await store.read { try $0.alerts(statuses) }.sorted {
      ($1.changedAt, $0.key.organization, $1.evidence.threshold ?? 0)
        < ($0.changedAt, $1.key.organization, $0.evidence.threshold ?? 0)
    }
    guard !all else { return alerts }
    let rules = Set(configuration.rules.filter(\.isEnabled).map(\.id))
    let organizations = Set(configuration.organizations.map(\.organization.id))
    return alerts.filter { rules.contains($0.key.rule) && organizations.contains($0.key.organization) }
  }
}
