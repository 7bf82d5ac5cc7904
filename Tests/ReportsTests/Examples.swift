import FoundationEssentials
import QuotaCore
import Reports
import Testing

/// A stored month with figures that a test can change.
struct ExampleMonth {
  var id = "acme"
  var name = "Acme Corp"
  var month = "2026-01"
  var pages: Int64 = 8_000
  var conversions: Int64 = 12
  var quota = Quota(pages: 10_000)
  var firstSeen = "2026-01-20T10:00:00.000Z"
  var lastSeen = "2026-01-31T23:50:00.123Z"
  var snapshot: Int64 = 7

  func stored() throws -> StoredMonth {
    StoredMonth(
      organizationName: name,
      usage: MonthUsage(
        snapshot: Snapshot(
          id: snapshot, organization: OrganizationID(id), month: try #require(BillingMonth(month)),
          counters: Counters(pages: pages, conversions: conversions),
          firstSeenAt: try #require(Date(iso8601: firstSeen)), lastSeenAt: try #require(Date(iso8601: lastSeen))),
        quota: quota, askedAt: nil, settledAt: nil))
  }
}

/// The whole report of some months as text.
func report(
  _ months: [StoredMonth], format: ReportFormat = .csv, zone: TimeZone = .gmt, zoneName: String = "UTC",
  now: Date = .distantFuture
) throws -> String {
  var bytes: [UInt8] = []
  var report = UsageReport(format: format, zone: zone, zoneName: zoneName, now: now) { bytes += $0 }
  for month in months { try report.write(month) }
  try report.finish()
  return String(decoding: bytes, as: UTF8.self)
}

/// The cells of one column, for texts without quoted cells; the header is left out.
func column(_ name: String, of csv: String) throws -> [String] {
  let lines = csv.split(separator: "\n").map {
    $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  }
  let index = try #require(lines.first?.firstIndex(of: name))
  return lines.dropFirst().map { $0[index] }
}
