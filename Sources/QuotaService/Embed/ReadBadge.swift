import FoundationEssentials
import QuotaCore
import WebServer

/// What an organization's badge shows: the metric of which the greatest part of the quota is used, or else the pages.
struct ReadBadge: Sendable {
  let configuration: Configuration
  let status: ReadStatus
  let world: World

  /// Nil for an organization that is not configured.
  func callAsFunction(_ organization: OrganizationID) async throws -> Badge? {
    guard configuration.organizations.contains(where: { $0.organization.id == organization }) else { return nil }
    let rows = try await status([organization.rawValue])
    let fullest = rows.filter { $0.percent != nil }.max { ($0.percent ?? 0) < ($1.percent ?? 0) }
    return (fullest ?? rows.first { $0.metric == .pages }).map { badge(of: $0) }
  }

  private func badge(of row: StatusRow) -> Badge {
    let (now, zone) = (world.now(), configuration.billingTimeZone)
    let freshness = Freshness(
      of: row, at: now, limit: Freshness.limit(every: configuration.schedule?.every),
      in: BillingMonth(containing: now, in: zone))
    guard let used = row.used, let seen = row.lastSeenAt else {
      return Badge(label: row.name, text: "not read yet", state: .unknown)
    }
    let quota = row.quota.map { " of \($0.grouped)" } ?? ""
    let percent = row.percent.map { " (\($0.grouped) %)" } ?? ""
    let figures = "\(used.grouped)\(quota) \(row.metric.rawValue)\(percent)"
    guard freshness == .fresh, row.doubt == nil else {
      let remark = row.doubt == nil ? "as of \(seen.iso8601.prefix(16))Z" : "in doubt"
      return Badge(label: row.name, text: "\(figures), \(remark)", state: .stale)
    }
    return Badge(
      label: row.name, text: figures, state: row.isExhausted ? .exceeded : row.state == .firing ? .warning : .ok)
  }
}
