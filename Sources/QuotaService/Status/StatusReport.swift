import FoundationEssentials
package import QuotaCore

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
  /// Of the same configuration; nil in a process that asks once.
  var memory: StatusMemory?

  /// The state of these organizations; all that are configured for an empty list.
  ///
  /// - Parameter past: a month that is over, as it ended; nil for how things are now.
  package func callAsFunction(_ ids: [String], in past: BillingMonth? = nil) async throws -> [StatusRow] {
    guard past == nil, let memory, let moment = StatusMemory.Moment(try database.version(), at: world.now()) else {
      return try await rows(ids, in: past)
    }
    if let known = memory.rows(at: moment) {
      guard !ids.isEmpty else { return known }
      let wanted = Set(try configuration.organizations(ids).map(\.organization.id))
      return known.filter { wanted.contains($0.organization) }
    }
    let rows = try await rows(ids, in: nil)
    if ids.isEmpty { memory.keep(rows, of: moment) }
    return rows
  }

  private func rows(_ ids: [String], in past: BillingMonth?) async throws -> [StatusRow] {
    try await reduce(ids, in: past, into: []) { $0 += $1 }
  }

  /// Gathers something from the rows of as many organizations as there may be, of which not all are kept.
  ///
  /// - Parameter add: gets the rows of some organizations at a time, all of each, in the order of the configuration and as
  ///   everything was at one moment.
  package func reduce<Gathered: Sendable>(
    _ ids: [String], in past: BillingMonth? = nil, into start: Gathered,
    _ add: @Sendable @escaping (_ gathered: inout Gathered, _ rows: [StatusRow]) throws -> Void
  ) async throws -> Gathered {
    let configured = try configuration.organizations(ids)
    let store = try database.openForReading()
    let (configuration, now) = (configuration, world.now())
    return try await store.read { reader in
      let rows: (ArraySlice<ConfiguredOrganization>) throws -> [StatusRow]
      if let past {
        rows = { try Self.rows(of: $0.map(\.organization), in: past, reader) }
      } else {
        let known = ids.isEmpty ? nil : configured.map(\.organization.id)
        rows = try StatusSource(reader, configuration, of: known, now: now).rows(of:)
      }
      var gathered = start
      for first in stride(from: 0, to: configured.count, by: Self.atOnce) {
        try add(&gathered, rows(configured[first..<min(first + Self.atOnce, configured.count)]))
      }
      return gathered
    }
  }

  /// The rows of so many organizations are made at once.
  private static let atOnce = 1_000

  /// What was used in a month that is over.
  private static func rows(
    of organizations: [Organization], in month: BillingMonth, _ reader: any StoreReader
  ) throws -> [StatusRow] {
    let stored = try reader.months(of: organizations.map(\.id), from: month, to: month)
    return organizations.flatMap { organization in
      let usage = stored[organization.id]?[month]
      return Metric.allCases.map { metric in
        let (used, quota) = (usage?.snapshot.counters[metric], (usage?.quota ?? organization.quotas[month])[metric])
        return StatusRow(
          organization: organization, month: month, metric: metric, used: used, quota: quota, projected: used,
          lastSeenAt: usage?.snapshot.lastSeenAt,
          state: used == nil ? .unknown : StatusRow.isExhausted(used, of: quota) ? .exceeded : .ok)
      }
    }
  }
}

/// What rows are made from, as it is at one moment.
private struct StatusSource {
  let reader: any StoreReader
  let firing: [OrganizationID: [Alert]]
  let doubts: [OrganizationID: [Doubt]]
  let marks: AlertMarks
  let coverage: RuleCoverage
  let now: Date
  let zone: TimeZone

  /// - Parameter known: the organizations that are looked at; nil for all.
  init(_ reader: any StoreReader, _ configuration: Configuration, of known: [OrganizationID]?, now: Date) throws {
    self.reader = reader
    let alerts = try known?.flatMap { try reader.alerts(of: $0) } ?? reader.alerts([.firing])
    firing = Dictionary(grouping: alerts.filter { $0.status == .firing }, by: \.key.organization)
    doubts = Dictionary(grouping: try reader.doubts().filter { $0.status != .takenBack }, by: \.organization)
    marks = try AlertMarks(reader, of: configuration.notifiers.map(\.id), now: now)
    coverage = RuleCoverage(configuration)
    (self.now, zone) = (now, configuration.billingTimeZone)
  }

  func rows(of configured: ArraySlice<ConfiguredOrganization>) throws -> [StatusRow] {
    let known = configured.map(\.organization.id)
    let stored = Dictionary(try reader.organizations(known).map { ($0.id, $0) }) { first, _ in first }
    let yesterday = now - .days(1)
    // What has not changed since then is what it was.
    let unchanged = stored.compactMapValues { $0.latest?.snapshot }.filter { $0.value.firstSeenAt <= yesterday }
    let earlier = try reader.latestMonths(of: known.filter { unchanged[$0] == nil }, at: yesterday)
    return configured.flatMap { entry in
      let id = entry.organization.id
      return StatusBuilder(
        organization: entry.organization, stored: stored[id], yesterday: unchanged[id] ?? earlier[id],
        firing: firing[id] ?? [], marks: marks, doubts: doubts[id] ?? [], coverage: coverage, now: now, zone: zone
      ).rows
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
  /// The latest month as it was a day ago; nil if there was nothing of it.
  let yesterday: Snapshot?
  let firing: [Alert]
  let marks: AlertMarks
  let doubts: [Doubt]
  let coverage: RuleCoverage
  let now: Date
  let zone: TimeZone

  var rows: [StatusRow] {
    guard let snapshot = stored?.latest?.snapshot else { return Metric.allCases.map(unknown) }
    let period = snapshot.month.period(in: zone)
    let profile = UsageProfile(stored: stored?.profile)
    return Metric.allCases.map { metric in
      let used = snapshot.counters[metric]
      let quota = stored?.latest?.quota[metric]
      // Some are of no metric or month in particular: of a cost, of a silence. That nothing is read shows by itself.
      let isRead = stored?.history.failing == nil
      let levels = firing.filter {
        ($0.key.metric ?? (isRead ? metric : nil)) == metric && ($0.key.month ?? snapshot.month) == snapshot.month
      }
      // A month that began less than a day ago has grown from zero; what was not read since then is not known.
      let before = yesterday?.counters[metric] ?? (period.lowerBound >= now - .days(1) ? 0 : nil)
      let isRecent = snapshot.lastSeenAt > now - .days(1)
      let forecast = forecast(metric, snapshot, in: period, profile)
      // In a month that is over nothing is to come, though it was not read to its end.
      let outlook = now < period.upperBound ? forecast : nil
      let doubt = doubts.first { $0.month == snapshot.month && $0.suspect.metric == metric }
      return StatusRow(
        organization: organization, month: snapshot.month, metric: metric, used: used, quota: quota,
        sinceYesterday: isRecent ? before.map { used - $0 } : nil,
        forecast: outlook,
        projected: snapshot.lastSeenAt < period.upperBound ? forecast?.projected : used,
        lastSeenAt: snapshot.lastSeenAt, problem: stored?.history.problem,
        state: state(
          of: metric, used: used, quota: quota, fires: !levels.isEmpty, isDoubted: doubt != nil, outlook),
        level: levels.compactMap(\.key.level).max {
          ($0.threshold(quota: quota) ?? 0) < ($1.threshold(quota: quota) ?? 0)
        }, marks: marks.marks(of: levels), doubt: doubt)
    }
  }

  /// Nil within the month's first day, which makes no pace to speak of, and when the month is over.
  private func forecast(
    _ metric: Metric, _ snapshot: Snapshot, in period: Range<Date>, _ profile: UsageProfile
  ) -> Forecast? {
    let time = snapshot.lastSeenAt
    guard time >= period.lowerBound + .days(1), time < period.upperBound else { return nil }
    return Forecast(
      of: metric, used: snapshot.counters[metric], at: time, month: snapshot.month, period: period, profile: profile)
  }

  private func state(
    of metric: Metric, used: Int64, quota: Int64?, fires: Bool, isDoubted: Bool, _ forecast: Forecast?
  ) -> StatusRow.State {
    if let reason = stored?.history.failing?.reason { return StatusRow.State(reason) }
    if isDoubted { return .doubted }
    if StatusRow.isExhausted(used, of: quota) { return .exceeded }
    if fires { return .firing }
    if let quota, let projected = forecast?.projected, projected > 0, projected >= quota { return .runsOut }
    return coverage.judges(metric, of: organization, againstQuota: quota != nil) ? .ok : .unwatched
  }

  private func unknown(_ metric: Metric) -> StatusRow {
    let reason = stored?.history.failing?.reason
    return StatusRow(
      organization: organization, metric: metric,
      quota: BillingMonth(containing: now, in: zone).flatMap { organization.quotas[$0][metric] },
      problem: stored?.history.problem, state: reason.map { StatusRow.State($0) } ?? .unknown)
  }
}
