import FoundationEssentials
import QuotaCore

extension DryRunWriter {
  func months(
    of organizations: [OrganizationID], from first: BillingMonth, to last: BillingMonth
  ) throws -> [OrganizationID: [BillingMonth: MonthUsage]] {
    try base?.months(of: organizations, from: first, to: last) ?? [:]
  }

  func snapshots(of organization: OrganizationID, month: BillingMonth, seenSince time: Date) throws -> [Snapshot] {
    try base?.snapshots(of: organization, month: month, seenSince: time) ?? []
  }

  func lastClosing() throws -> Closing? { try base?.lastClosing() }

  func closing(_ sequence: Int64) throws -> Closing? { try base?.closing(sequence) }

  func closedMonths(
    of organizations: [OrganizationID], from first: BillingMonth, to last: BillingMonth
  ) throws -> [OrganizationID: [BillingMonth: Closing]] {
    try base?.closedMonths(of: organizations, from: first, to: last) ?? [:]
  }

  func visitClosings(_ visit: (StoredClosing) throws -> Void) throws { try base?.visitClosings(visit) }

  func append(_ closing: Closing) {}

  func firstMonths(of organizations: [OrganizationID]) throws -> [OrganizationID: BillingMonth] {
    try base?.firstMonths(of: organizations) ?? [:]
  }
}
