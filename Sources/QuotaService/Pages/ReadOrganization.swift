import FoundationEssentials
package import Pages
package import QuotaCore

/// Gathers what there is to say of one organization.
package struct ReadOrganization: Sendable {
  let configuration: Configuration
  let database: DatabaseAccess
  let world: World
  let status: ReadStatus
  let why: Why

  /// - Parameter month: the month to look at; the latest that was read if nil, or if that one was not.
  package func callAsFunction(_ id: OrganizationID, month: BillingMonth?) async throws -> OrganizationView {
    let report = try await why(id.rawValue, rule: nil)
    var view = OrganizationView(organization: report.organization, status: try await status([id.rawValue]))
    view.failing = report.history.failing
    (view.notices, view.holds, view.marks) = (report.notices, report.holds, report.marks)
    view.levels = Self.levels(report)
    view.alerts = report.rules.flatMap(\.verdicts).compactMap(\.alert).filter {
      $0.status == .firing || $0.status == .pending
    }
    .sorted { ($0.severity, $0.changedAt) > ($1.severity, $1.changedAt) }
    try await addMonths(to: &view, month)
    return view
  }

  private func addMonths(to view: inout OrganizationView, _ wanted: BillingMonth?) async throws {
    let (id, zone, now) = (view.organization.id, configuration.billingTimeZone, world.now())
    let stored = try await database.openForReading().read { reader in
      var usages: [MonthUsage] = []
      let (first, last) = BillingMonth.all
      try reader.visitMonths(from: first, to: last, organization: id) { usages.append($0.usage) }
      let ledger = try reader.ledger(of: [id], from: first, to: last)[id] ?? [:]
      let closed = try reader.closedMonths(of: [id], from: first, to: last)[id] ?? [:]
      let months = usages.reversed().map { usage in
        let month = usage.snapshot.month
        let isSettled = Settlement.isSettled(usage.snapshot, in: zone, at: now)
        return OrganizationView.Month(
          usage: usage, status: closed[month] != nil ? .closed : isSettled ? .settled : .open, ledger: ledger[month])
      }
      let shown = months.first { $0.usage.snapshot.month == wanted } ?? months.first
      func snapshots(_ month: BillingMonth?) throws -> [Snapshot] {
        try month.map { try reader.snapshots(of: id, month: $0, seenSince: .distantPast) } ?? []
      }
      let month = shown?.usage.snapshot.month
      return (
        months: months, month: month, snapshots: try snapshots(month),
        before: try snapshots(month?.advanced(by: -1))
      )
    }
    (view.months, view.month, view.snapshots) = (stored.months, stored.month, stored.snapshots)
    guard let month = stored.month else { return }
    view.days = MonthDay.days(of: month, stored.snapshots, in: zone, until: now)
    if let before = month.advanced(by: -1) {
      view.daysBefore = MonthDay.days(of: before, stored.before, in: zone, until: now)
    }
  }

  /// The levels of the latest month that rules have looked at, whether they are reached or not.
  private static func levels(_ report: WhyReport) -> [OrganizationView.LevelMark] {
    let month = report.months.first?.snapshot.month
    let marks = report.rules.flatMap(\.verdicts).compactMap { verdict -> OrganizationView.LevelMark? in
      guard verdict.key.month == month, let metric = verdict.key.metric, let level = verdict.key.level,
        let count = level.threshold(quota: report.months.first?.quota[metric])
      else { return nil }
      return OrganizationView.LevelMark(metric: metric, level: level, count: count)
    }
    return Array(Set(marks))
  }
}
