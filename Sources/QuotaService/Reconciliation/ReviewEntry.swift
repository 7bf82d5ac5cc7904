package import QuotaCore

/// Records what a person says of a row of the reconciliation.
package struct ReviewEntry: Sendable {
  let configuration: Configuration
  let database: DatabaseAccess
  let world: World
  let log: ActLog

  /// Accepts or disputes a row of the reconciliation. It holds as long as the row's figures are the same.
  ///
  /// - Parameters:
  ///   - status: `accepted` or `disputed`.
  ///   - name: the row's name; see ``ReconciliationEntry/name``.
  ///   - note: not empty, one line.
  ///   - shown: what the row showed to who says it; see ``ReconciliationEntry/shown``. Nil takes it as it is.
  /// - Returns: the row as it is now.
  /// - Throws: `usage` for a row that there is not, or that shows something else by now.
  package func callAsFunction(
    _ name: String?, of organization: String, _ month: BillingMonth, as status: ReconciliationStatus, note: String,
    shown: String? = nil, by person: String
  ) async throws -> ReconciliationEntry {
    try await database.writing { store in
      try await store.write { writer in
        let now = world.now().roundedToMilliseconds
        let id = try configuration.knownOrganization(organization, in: writer)
        var rows: [ReconciliationEntry] = []
        _ = try ReconciliationRun(month...month, only: [id], configuration, now: now, in: writer).visit { found in
          if found.organization == id, found.month == month { rows += found.entries }
        }
        guard let row = rows.first(where: { $0.name == name }) else {
          throw Self.unknownRow(name, of: organization, month, rows)
        }
        if let shown, shown != row.shown { throw Self.outdated(shown, row) }
        let review = StoredReview(
          entry: row.name, figures: row.reviewedFigures, status: status, note: note, at: now, by: person)
        try writer.add(review, of: id, month)
        let word = status == .accepted ? "accepted" : "disputed"
        try log.note(
          status == .accepted ? .accept : .dispute, "\(word) \(row.name) of \(id) in \(month): \(note)", of: [id],
          objects: [row.name], in: writer)
        return row.reviewed(by: review)
      }
    }
  }

  private static func outdated(_ shown: String, _ row: ReconciliationEntry) -> ServiceError {
    guard shown.hasPrefix(row.reviewedFigures), let review = row.review else {
      return ServiceError(.usage, "the figures of \(row.name) have changed meanwhile; look at them again")
    }
    return ServiceError(.usage, "\(row.name) is \(review.text) by now; look at it again")
  }

  private static func unknownRow(
    _ name: String?, of organization: String, _ month: BillingMonth, _ rows: [ReconciliationEntry]
  ) -> ServiceError {
    guard !rows.isEmpty else {
      return ServiceError(.usage, "there is nothing to reconcile for \(organization) in \(month)")
    }
    let names = rows.map { "\($0.name) (\($0.status.rawValue))" }.joined(separator: ", ")
    let what = name.map { "\(organization) has no row \"\($0)\" in \(month)" } ?? "name one of the rows"
    return ServiceError(.usage, "\(what); there are: \(names)")
  }
}
