package import QuotaCore

/// Opens a closed month.
package struct ReopenMonth: Sendable {
  let configuration: Configuration
  let database: DatabaseAccess
  let world: World
  let log: ActLog

  /// Opens closed months again: the journal keeps the closing and gets an entry that says why it does not hold.
  ///
  /// - Parameters:
  ///   - organizations: whether they are still configured or not; all whose month is closed if empty.
  ///   - reason: not empty, one line.
  ///   - by: who does it.
  package func callAsFunction(
    _ month: BillingMonth, organizations ids: [String], reason: String, by: String
  ) async throws -> [Closing] {
    try await database.writing { store in
      try await store.write { writer in
        let organizations =
          try configuration.knownOrganizations(ids, in: writer)
          ?? writer.closedOrganizations(from: month, to: month)
        let closed = try writer.closedMonths(of: organizations, from: month, to: month)
        let open = ids.filter { closed[OrganizationID($0)]?[month] == nil }
        guard open.isEmpty, !closed.isEmpty else {
          let names = open.isEmpty ? "anybody" : open.joined(separator: ", ")
          throw ServiceError(
            .usage, "\(month) is not closed for \(names); `quotawatch close list` shows what is closed")
        }
        var last = try writer.lastClosing()
        var added: [Closing] = []
        for organization in organizations where closed[organization]?[month] != nil {
          let entry = ClosingEntry(
            organization: organization, month: month, timeZone: configuration.billingTimeZoneName,
            action: .reopen(reason: reason), actedAt: world.now(), actedBy: by)
          let closing = Closing(entry, after: last, hash: ContentDigest.sha256)
          try writer.append(closing)
          added.append(closing)
          last = closing
        }
        try log.note(
          .reopen, "opened \(month) again for \(added.count.counted("organization")): \(reason)",
          of: added.map(\.entry.organization), objects: added.map { "\($0.sequence)" }, in: writer)
        return added
      }
    }
  }
}
