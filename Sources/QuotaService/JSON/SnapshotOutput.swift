import FoundationEssentials
package import QuotaCore

/// A snapshot as JSON.
package struct SnapshotOutput: Encodable {
  let snapshotId: Int64
  let organizationId: OrganizationID
  let month: BillingMonth
  let pages: Int64
  let conversions: Int64
  let firstSeenAt: Date
  let lastSeenAt: Date

  package init(_ snapshot: Snapshot) {
    snapshotId = snapshot.id
    organizationId = snapshot.organization
    month = snapshot.month
    (pages, conversions) = (snapshot.counters.pages, snapshot.counters.conversions)
    (firstSeenAt, lastSeenAt) = (snapshot.firstSeenAt, snapshot.lastSeenAt)
  }
}
