import QuotaCore

extension DryRunWriter {
  func reviews(
    of organizations: [OrganizationID], from first: BillingMonth, to last: BillingMonth
  ) throws -> [OrganizationID: [BillingMonth: [String: StoredReview]]] {
    try base?.reviews(of: organizations, from: first, to: last) ?? [:]
  }

  /// Reviews are not part of a run that is rehearsed.
  func add(_ review: StoredReview, of organization: OrganizationID, _ month: BillingMonth) throws {}
}
