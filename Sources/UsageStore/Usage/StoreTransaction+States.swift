internal import QuotaCore

extension StoreTransaction {
  func states(of organizations: [OrganizationID]) throws -> [OrganizationID: OrganizationState] {
    var states = try histories(of: organizations)
    guard !states.isEmpty else { return states }
    let ids = try StoredJSON.list(states.keys.map(\.rawValue))
    try addMonths(ids, to: &states)
    try addAlerts(to: &states)
    return states
  }

  private func histories(of organizations: [OrganizationID]) throws -> [OrganizationID: OrganizationState] {
    var query = try SQLQuery(
      """
      SELECT o.id, \(Self.historyColumns), p.body FROM json_each(?) j CROSS JOIN organizations o ON o.id = j.value
      LEFT JOIN usage_profiles p ON p.organization_id = o.id
      """, in: database)
    query.bind(try StoredJSON.list(organizations.map(\.rawValue)))
    var states: [OrganizationID: OrganizationState] = [:]
    let profile = 1 + Self.historyColumnCount
    while try query.next() {
      states[OrganizationID(query.text(0))] = OrganizationState(
        history: try Self.history(query, from: 1), profile: query.isNull(profile) ? nil : query.blob(profile))
    }
    return states
  }

  /// Adds the latest month, the month before it, and every other one that is not settled.
  private func addMonths(_ ids: String, to states: inout [OrganizationID: OrganizationState]) throws {
    var query = try SQLQuery(
      """
      SELECT m.organization_id, m.settled_at, \(Self.monthColumns)
      FROM json_each(?1) j
      CROSS JOIN organization_months m INDEXED BY organization_months_unsettled ON m.organization_id = j.value
      CROSS JOIN snapshots s ON s.id = m.snapshot_id
      WHERE m.settled_at IS NULL
      UNION ALL
      SELECT m.organization_id, m.settled_at, \(Self.monthColumns)
      FROM json_each(?1) j
      CROSS JOIN organization_months m ON m.organization_id = j.value AND m.month IN (
        SELECT month FROM organization_months WHERE organization_id = j.value ORDER BY month DESC LIMIT 2)
      CROSS JOIN snapshots s ON s.id = m.snapshot_id
      WHERE m.settled_at IS NOT NULL
      """, in: database)
    query.bind(ids)
    var settled: [(organization: OrganizationID, usage: MonthUsage)] = []
    while try query.next() {
      let id = OrganizationID(query.text(0))
      let usage = try Self.month(query, of: id, from: 2)
      if query.isNull(1) {
        states[id]?.months[usage.snapshot.month] = usage
      } else {
        settled.append((id, usage))
      }
    }
    // Of the two latest months on record the earlier may be any number of months back.
    for (id, usage) in settled.sorted(by: { $0.usage.snapshot.month > $1.usage.snapshot.month }) {
      let month = usage.snapshot.month
      let latest = states[id]?.months.keys.max() ?? month
      if month.ordinal >= latest.ordinal - 1 { states[id]?.months[month] = usage }
    }
  }

  /// Adds the alerts of the months that are there, those without a month, and the older ones that are pending or fire.
  private func addAlerts(to states: inout [OrganizationID: OrganizationState]) throws {
    let oldestMonths = states.map { ($0.key.rawValue, $0.value.months.keys.min()?.description ?? "9999-99") }
    var query = try SQLQuery(
      """
      SELECT \(Self.alertColumns) FROM json_each(?1) j
      CROSS JOIN alerts a ON a.organization_id = j.key AND a.month = ''
      UNION ALL
      SELECT \(Self.alertColumns) FROM json_each(?1) j
      CROSS JOIN alerts a ON a.organization_id = j.key AND a.month >= j.value
      UNION ALL
      SELECT \(Self.alertColumns) FROM json_each(?1) j
      CROSS JOIN alerts a INDEXED BY alerts_open ON a.organization_id = j.key AND a.month > '' AND a.month < j.value
      WHERE a.status IN ('pending', 'firing')
      """, in: database)
    query.bind(try StoredJSON.list(Dictionary(uniqueKeysWithValues: oldestMonths)))
    while try query.next() {
      let alert = try Self.alert(query)
      let months = states[alert.key.organization]?.months
      let isOpen = alert.status == .firing || alert.status == .pending
      if isOpen || alert.key.month.map({ months?[$0] != nil }) ?? true {
        states[alert.key.organization]?.alerts.append(alert)
      }
    }
  }
}
