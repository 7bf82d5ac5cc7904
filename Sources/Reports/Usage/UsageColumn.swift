import QuotaCore

/// The columns of the usage report, in their order.
enum UsageColumn: Int, ReportColumn {
  case schemaVersion, organizationID, organizationName
  case period, periodTimeZone, periodStart, periodEnd
  case metric, quantity, unit, quota, percentOfQuota
  case periodStatus, firstSeen, lastSeen, snapshotID

  var name: String {
    switch self {
    case .schemaVersion: SchemaVersion.name
    case .organizationID: "organization_id"
    case .organizationName: "organization_name"
    case .period: "period"
    case .periodTimeZone: "period_time_zone"
    case .periodStart: "period_start_utc"
    case .periodEnd: "period_end_utc"
    case .metric: "metric"
    case .quantity: "quantity"
    case .unit: "unit"
    case .quota: "quota"
    case .percentOfQuota: "percent_of_quota"
    case .periodStatus: "period_status"
    case .firstSeen: "first_seen_utc"
    case .lastSeen: "last_seen_utc"
    case .snapshotID: "snapshot_id"
    }
  }
}
