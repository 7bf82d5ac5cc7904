internal import FoundationEssentials
internal import QuotaCore

extension StoreTransaction {
  func reviews(
    of organizations: [OrganizationID], from first: BillingMonth, to last: BillingMonth
  ) throws -> [OrganizationID: [BillingMonth: [String: StoredReview]]] {
    var found: [OrganizationID: [BillingMonth: [String: StoredReview]]] = [:]
    try visit(
      """
      SELECT r.organization_id, r.month, r.entry, r.figures, r.status, r.note, r.reviewed_at, r.reviewed_by
      FROM json_each(?) j CROSS JOIN reviews r ON r.organization_id = j.value AND r.month BETWEEN ? AND ?
      ORDER BY r.id
      """,
      JSONEach(organizations), first, last
    ) { row in
      let (organization, month): (OrganizationID, BillingMonth) = (try row.next(), try row.next())
      let review = StoredReview(
        entry: try row.next(), figures: try row.next(), status: try row.next(), note: try row.next(),
        at: try row.next(), by: try row.next())
      found[organization, default: [:]][month, default: [:]][review.entry] = review
    }
    return found
  }

  func add(_ review: StoredReview, of organization: OrganizationID, _ month: BillingMonth) throws {
    try run(
      """
      INSERT INTO reviews (organization_id, month, entry, figures, status, note, reviewed_at, reviewed_by)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      """,
      organization, month, review.entry, review.figures, review.status, review.note, review.at, review.by)
  }
}
