package import FoundationEssentials
package import QuotaCore

/// What is known of one organization and metric now: a row of `status`.
package struct StatusRow: Sendable {
  package let organization: OrganizationID
  package let name: String
  /// Nil if it was never read.
  package let month: BillingMonth?
  package let metric: Metric
  package let used: Int64?
  package let quota: Int64?
  /// How much the counter has grown within the last 24 hours of this month; nil if that is not known.
  package let sinceYesterday: Int64?
  /// What the month is expected to come to, see ``Forecast``; nil before there is a pace to speak of.
  package let projected: Int64?
  package let lastSeenAt: Date?
  /// Why the last run could not read it; nil if it could.
  package let problem: String?
  package let state: State
  /// The highest firing level of this metric.
  package let level: Level?

  /// The worst that is to be said of the row.
  package enum State: String, Codable, Sendable {
    case ok
    /// An alert fires for this metric.
    case firing
    /// The counter is at or above the quota.
    case exceeded
    /// The vendor refuses the key.
    case keyRejected = "key_rejected"
    /// Something else answers instead of the vendor.
    case gateway
    /// A limit refuses the requests.
    case limited
    /// The last run could not read it.
    case failing
    /// It was never read.
    case unknown
  }
}

/// Looks the last run up.
package struct ReadLastRun: Sendable {
  let database: DatabaseAccess

  /// The last run that ended, if any.
  package func callAsFunction() async throws -> Run? {
    try await database.openForReading().read { try $0.lastRun() }
  }
}

/// Says where organizations stand.
package struct ReadStatus: Sendable {
  let configuration: Configuration
  let database: DatabaseAccess
  let world: World

  /// The present state of these organizations; all that are configured for an empty list.
  package func callAsFunction(_ ids: [String]) async throws -> [StatusRow] {
    let configured = try configuration.organizations(ids)
    let store = try database.openForReading()
    let (now, zone) = (world.now(), configuration.billingTimeZone)
    return try await store.read { reader in
      let stored = Dictionary(try reader.organizations().map { ($0.id, $0) }) { first, _ in first }
      let firing = Dictionary(grouping: try reader.alerts([.firing]), by: \.key.organization)
      return try configured.flatMap { entry in
        try StatusBuilder(
          organization: entry.organization, stored: stored[entry.organization.id],
          firing: firing[entry.organization.id] ?? [], now: now, zone: zone
        ).rows(reader)
      }
    }
  }
}

extension StatusRow.State {
  fileprivate init(_ reason: ReadingFailure.Reason) {
    self =
      switch reason {
      case .keyRejected: .keyRejected
      case .gateway: .gateway
      case .limited: .limited
      case .keyUnavailable, .rateLimited, .unreachable, .timeout, .serverError, .invalidAnswer, .deadline: .failing
      }
  }
}

private struct StatusBuilder {
  let organization: Organization
  let stored: StoredOrganization?
  let firing: [Alert]
  let now: Date
  let zone: TimeZone

  func rows(_ reader: any StoreReader) throws -> [StatusRow] {
    guard let snapshot = stored?.latest?.snapshot else { return Metric.allCases.map(unknown) }
    let period = snapshot.month.period(in: zone)
    let yesterday = try reader.snapshot(of: organization.id, month: snapshot.month, at: now - .days(1))
    return Metric.allCases.map { metric in
      let used = snapshot.counters[metric]
      let quota = stored?.latest?.quota[metric]
      let levels = firing.filter { $0.key.metric == metric && $0.key.month == snapshot.month }
      // A month that began less than a day ago has grown from zero.
      let before = yesterday?.counters[metric] ?? (period.lowerBound >= now - .days(1) ? 0 : nil)
      return StatusRow(
        organization: organization.id, name: organization.name, month: snapshot.month, metric: metric, used: used,
        quota: quota, sinceYesterday: before.map { used - $0 },
        projected: projected(metric, snapshot, in: period), lastSeenAt: snapshot.lastSeenAt,
        problem: stored?.history.failing?.message, state: state(used: used, quota: quota, fires: !levels.isEmpty),
        level: levels.compactMap(\.key.level).max {
          ($0.threshold(quota: quota) ?? 0) < ($1.threshold(quota: quota) ?? 0)
        })
    }
  }

  /// Nil within the month's first day, which makes no pace to speak of.
  private func projected(_ metric: Metric, _ snapshot: Snapshot, in period: Range<Date>) -> Int64? {
    let (used, time) = (snapshot.counters[metric], snapshot.lastSeenAt)
    guard time >= period.lowerBound + .days(1) else { return nil }
    guard time < period.upperBound else { return used }
    return Forecast(
      of: metric, used: used, at: time, month: snapshot.month, period: period,
      profile: stored?.profile.flatMap { UsageProfile(bytes: $0) })?
      .projected
  }

  private func state(used: Int64, quota: Int64?, fires: Bool) -> StatusRow.State {
    if let reason = stored?.history.failing?.reason { return StatusRow.State(reason) }
    if let quota, used > 0, used >= quota { return .exceeded }
    return fires ? .firing : .ok
  }

  private func unknown(_ metric: Metric) -> StatusRow {
    let reason = stored?.history.failing?.reason
    return StatusRow(
      organization: organization.id, name: organization.name, month: nil, metric: metric, used: nil,
      quota: BillingMonth(containing: now, in: zone).flatMap { organization.quotas[$0][metric] }, sinceYesterday: nil,
      projected: nil, lastSeenAt: nil,
      problem: stored?.history.failing?.message, state: reason.map { StatusRow.State($0) } ?? .unknown, level: nil)
  }
}
