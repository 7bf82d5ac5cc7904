import FoundationEssentials
import QuotaCore

/// Where organizations stand, as metrics.
struct UsageMetrics {
  let rows: [StatusRow]
  let zone: TimeZone

  var families: [MetricFamily] {
    Metric.allCases.flatMap(counters) + [
      family("quotawatch_usage_ratio", "The month's usage as a share of its quota.", rows, by: Self.both) { row in
        guard let used = row.used, let quota = row.quota, quota > 0 else { return nil }
        return Double(used) / Double(quota)
      },
      perOrganization(
        "quotawatch_last_reading_timestamp", "seconds", "When the vendor last gave an organization's figures."
      ) { $0.lastSeenAt?.timeIntervalSince1970 },
      perOrganization(
        "quotawatch_month_end_timestamp", "seconds", "When the month is over that the figures are of."
      ) { [zone] in $0.month?.period(in: zone).upperBound.timeIntervalSince1970 },
      perOrganization(
        "quotawatch_organization_readable", nil, "1 if the last run could read the organization, otherwise 0."
      ) { $0.problem == nil && $0.lastSeenAt != nil ? 1 : 0 },
    ]
  }

  /// What there is of a metric, whose name is its unit.
  private func counters(of metric: Metric) -> [MetricFamily] {
    let rows = rows.filter { $0.metric == metric }
    let unit = metric.rawValue
    return [
      family(
        "quotawatch_used", unit: unit, "The month's \(unit) as the vendor counts them; a correction may lower them.",
        rows
      ) { $0.used.map(Double.init) },
      family("quotawatch_quota", unit: unit, "The \(unit) that the month includes.", rows) {
        $0.quota.map(Double.init)
      },
      family(
        "quotawatch_projected", unit: unit, "The \(unit) that the month is expected to come to.", rows
      ) { $0.projected.map(Double.init) },
    ]
  }

  private func perOrganization(
    _ name: String, _ unit: String?, _ help: String, _ value: (StatusRow) -> Double?
  ) -> MetricFamily {
    family(name, unit: unit, help, rows.filter { $0.metric == Metric.allCases.first }, value)
  }

  private func family(
    _ name: String, unit: String? = nil, _ help: String, _ rows: [StatusRow],
    by labels: (StatusRow) -> [MetricSample.Label] = { [.init("organization", $0.organization.rawValue)] },
    _ value: (StatusRow) -> Double?
  ) -> MetricFamily {
    MetricFamily(
      name, .gauge, unit: unit, help,
      samples: rows.compactMap { row in value(row).map { MetricSample(labels(row), .number($0)) } })
  }

  private static func both(_ row: StatusRow) -> [MetricSample.Label] {
    [.init("organization", row.organization.rawValue), .init("metric", row.metric.rawValue)]
  }
}
