internal import FoundationEssentials
internal import QuotaCore

extension StoreTransaction {
  func states(of organizations: [OrganizationID]) throws -> [OrganizationID: OrganizationState] {
    var states = try histories(of: organizations)
    guard !states.isEmpty else { return states }
    for (id, months) in try openMonths(of: Array(states.keys)) { states[id]?.months = months }
    try addAlerts(to: &states)
    return states
  }

  private func histories(of organizations: [OrganizationID]) throws -> [OrganizationID: OrganizationState] {
    var states: [OrganizationID: OrganizationState] = [:]
    try visit(
      """
      SELECT o.id, \(Self.historyColumns), p.body FROM json_each(?) j CROSS JOIN organizations o ON o.id = j.value
      LEFT JOIN usage_profiles p ON p.organization_id = o.id
      """,
      JSONEach(organizations)
    ) { row in
      let id: OrganizationID = try row.next()
      states[id] = OrganizationState(history: try Self.history(&row), profile: try row.next())
    }
    return states
  }

  func standings(
    of organizations: [OrganizationID], settledSince month: BillingMonth
  ) throws -> [OrganizationID: [MonthStanding]] {
    var standings: [OrganizationID: [MonthStanding]] = [:]
    try visit(
      """
      SELECT m.organization_id, m.month, m.asked_at, m.settled_at FROM json_each(?1) j
      CROSS JOIN organization_months m ON m.organization_id = j.value AND m.month >= ?2
      UNION ALL
      SELECT m.organization_id, m.month, m.asked_at, m.settled_at FROM json_each(?1) j
      CROSS JOIN organization_months m INDEXED BY organization_months_unsettled
        ON m.organization_id = j.value AND m.month < ?2
      WHERE m.settled_at IS NULL
      """,
      JSONEach(organizations), month
    ) { row in
      standings[try row.next(), default: []].append(
        MonthStanding(try row.next(), askedAt: try row.next(), settledAt: try row.next()))
    }
    return standings
  }

  /// The latest month of these organizations, the one before it and every other that is not settled.
  private func openMonths(
    of organizations: [OrganizationID]
  ) throws -> [OrganizationID: [BillingMonth: MonthUsage]] {
    var months: [OrganizationID: [BillingMonth: MonthUsage]] = [:]
    var settled: [MonthUsage] = []
    try visit(
      """
      SELECT m.organization_id, \(Self.monthColumns)
      FROM json_each(?1) j
      CROSS JOIN organization_months m INDEXED BY organization_months_unsettled ON m.organization_id = j.value
      CROSS JOIN snapshots s ON \(Self.latest("s"))
      WHERE m.settled_at IS NULL
      UNION ALL
      SELECT m.organization_id, \(Self.monthColumns)
      FROM json_each(?1) j
      CROSS JOIN organization_months m ON m.organization_id = j.value AND m.month IN (
        SELECT month FROM organization_months WHERE organization_id = j.value ORDER BY month DESC LIMIT 2)
      CROSS JOIN snapshots s ON \(Self.latest("s"))
      WHERE m.settled_at IS NOT NULL
      """,
      JSONEach(organizations)
    ) { row in
      let id: OrganizationID = try row.next()
      let usage = try Self.month(&row, of: id)
      if usage.settledAt == nil {
        months[id, default: [:]][usage.snapshot.month] = usage
      } else {
        settled.append(usage)
      }
    }
    // Of the two latest months on record the earlier may be any number of months back.
    for usage in settled.sorted(by: { $0.snapshot.month > $1.snapshot.month }) {
      let (id, month) = (usage.snapshot.organization, usage.snapshot.month)
      let latest = months[id]?.keys.max() ?? month
      if month.ordinal >= latest.ordinal - 1 { months[id, default: [:]][month] = usage }
    }
    return months
  }

  /// Adds the alerts of the months that are there, those without a month, and the older ones that are pending or fire.
  private func addAlerts(to states: inout [OrganizationID: OrganizationState]) throws {
    let oldestMonths = states.mapValues { $0.months.keys.min()?.description ?? "9999-99" }
    try visit(
      """
      SELECT \(Self.deferringAlertColumns) FROM json_each(?1) j
      CROSS JOIN alerts a ON a.organization_id = j.key AND a.month = ''
      UNION ALL
      SELECT \(Self.deferringAlertColumns) FROM json_each(?1) j
      CROSS JOIN alerts a ON a.organization_id = j.key AND a.month >= j.value
      UNION ALL
      SELECT \(Self.deferringAlertColumns) FROM json_each(?1) j
      CROSS JOIN alerts a INDEXED BY alerts_open ON a.organization_id = j.key AND a.month > '' AND a.month < j.value
      WHERE a.status IN ('pending', 'firing')
      """,
      JSONEach(oldestMonths)
    ) { row in
      let alert = try Self.alertWithDeferredEvidence(&row)
      let months = states[alert.key.organization]?.months
      let isOpen = alert.status == .firing || alert.status == .pending
      if isOpen || alert.key.month.map({ months?[$0] != nil }) ?? true {
        states[alert.key.organization]?.alerts.append(alert)
      }
    }
  }
}
