package import FoundationEssentials

/// Reads what persons have said of rows of the reconciliation.
package protocol ReviewReader {
  /// The last word on each row of these organizations' months, by the row's name (see ``ReconciliationEntry/name``).
  func reviews(
    of organizations: [OrganizationID], from first: BillingMonth, to last: BillingMonth
  ) throws -> [OrganizationID: [BillingMonth: [String: StoredReview]]]
}

/// Adds to them; what was said before is kept.
package protocol ReviewWriter: ReviewReader {
  func add(_ review: StoredReview, of organization: OrganizationID, _ month: BillingMonth) throws
}

/// That a row was accepted or disputed.
package struct StoredReview: Hashable, Sendable {
  /// The name of the row; see ``ReconciliationEntry/name``.
  package let entry: String
  /// What was looked at; see ``ReconciliationEntry/reviewedFigures``.
  package let figures: String
  /// `accepted` or `disputed`.
  package let status: ReconciliationStatus
  package let note: String
  package let at: Date
  package let by: String

  package init(entry: String, figures: String, status: ReconciliationStatus, note: String, at: Date, by: String) {
    self.entry = entry
    self.figures = figures
    self.status = status
    self.note = note
    self.at = at
    self.by = by
  }
}
