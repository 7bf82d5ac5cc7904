internal import FoundationEssentials
internal import QuotaCore

extension StoreTransaction {
  func months(
    of organizations: [OrganizationID], from first: BillingMonth, to last: BillingMonth
  ) throws -> [OrganizationID: [BillingMonth: MonthUsage]] {
    var months: [OrganizationID: [BillingMonth: MonthUsage]] = [:]
    try visit(
      """
      SELECT m.organization_id, \(Self.monthColumns) FROM json_each(?) j
      CROSS JOIN organization_months m ON m.organization_id = j.value AND m.month BETWEEN ? AND ?
      CROSS JOIN snapshots s ON \(Self.latest("s"))
      """,
      JSONEach(organizations), first, last
    ) { row in
      let usage = try Self.month(&row, of: try row.next())
      months[usage.snapshot.organization, default: [:]][usage.snapshot.month] = usage
    }
    return months
  }

  func firstMonths(of organizations: [OrganizationID]) throws -> [OrganizationID: BillingMonth] {
    let months: [(OrganizationID, BillingMonth)] = try rows(
      """
      SELECT j.value, (SELECT min(month) FROM organization_months m WHERE m.organization_id = j.value) AS month
      FROM json_each(?) j WHERE month IS NOT NULL
      """,
      JSONEach(organizations)
    ) { (try $0.next(), try $0.next()) }
    return Dictionary(months) { $1 }
  }
}
