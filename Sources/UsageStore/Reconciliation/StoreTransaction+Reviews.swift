internal import FoundationEssentials
internal import QuotaCore

extension StoreTransaction {
  func reviews(
    of organizations: [OrganizationID], from first: BillingMonth, to last: BillingMonth
  ) throws -> [OrganizationID: [BillingMonth: [String: StoredReview]]] {
    var query = try SQLQuery(
      """
      SELECT r.organization_id, r.month, r.entry, r.figures, r.status, r.note, r.reviewed_at, r.reviewed_by
      FROM json_each(?) j CROSS JOIN reviews r ON r.organization_id = j.value AND r.month BETWEEN ? AND ?
      ORDER BY r.id
      """, in: database)
    query.bind(try StoredJSON.list(organizations.map(\.rawValue)))
    query.bind(first.description)
    query.bind(last.description)
    var found: [OrganizationID: [BillingMonth: [String: StoredReview]]] = [:]
    while try query.next() {
      let review = StoredReview(
        entry: query.text(2), figures: query.text(3), status: try query.word(4, ReconciliationStatus.self),
        note: query.text(5), at: try query.time(6), by: query.text(7))
      found[OrganizationID(query.text(0)), default: [:]][try query.month(1), default: [:]][review.entry] = review
    }
    return found
  }

  func add(_ review: StoredReview, of organization: OrganizationID, _ month: BillingMonth) throws {
    var insert = try SQLQuery(
      """
      INSERT INTO reviews (organization_id, month, entry, figures, status, note, reviewed_at, reviewed_by)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      """, in: database)
    insert.bind(organization.rawValue)
    insert.bind(month.description)
    insert.bind(review.entry)
    insert.bind(review.figures)
    insert.bind(review.status.rawValue)
    insert.bind(review.note)
    insert.bind(review.at)
    insert.bind(review.by)
    try insert.run()
  }
}
