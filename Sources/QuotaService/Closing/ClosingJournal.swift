package import QuotaCore

/// Verifies the closing journal.
package struct VerifyClosings: Sendable {
  let database: DatabaseAccess

  /// What `close verify` found.
  package struct Proof: Sendable {
    package let entries: Int64
    /// The last entry's hash: noted down elsewhere, it shows later whether the journal was cut.
    package let head: String
    /// What is wrong, a line each; empty if the journal is as it was written.
    package let problems: [String]

    package var status: ExitStatus { problems.isEmpty ? .success : .notProven }
  }

  /// Follows the whole journal and compares it with the stored readings.
  ///
  /// - Parameter sought: a head that was noted down earlier, which has to be among the hashes.
  package func callAsFunction(lookingFor sought: String? = nil) async throws -> Proof {
    try await database.openForReading().read { reader in
      var chain = ClosingChain(hash: ContentDigest.sha256, lookingFor: sought)
      var problems: [String] = []
      try reader.visitClosings { stored in
        problems += chain.follow(stored.closing, snapshot: stored.snapshotCounters)
      }
      if !chain.hasSeen, let sought {
        problems.append(
          "no closing has the hash \(sought): the journal was cut or written anew since it was noted down")
      }
      return Proof(entries: chain.count, head: chain.head, problems: problems)
    }
  }
}

/// Lists the closing journal.
package struct ListClosings: Sendable {
  let configuration: Configuration
  let database: DatabaseAccess

  /// An entry of the journal, and what became of it.
  package struct Entry: Sendable {
    package let closing: Closing
    /// Whether the month is closed by this entry now.
    package let holds: Bool
    /// What the vendor has said differently since, of an entry that holds.
    package let postCloseChange: PostCloseChange?
  }

  /// The journal in its order.
  ///
  /// - Parameters:
  ///   - months: only these; all for nil.
  ///   - organizations: only these, whether they are still configured or not; all for an empty list.
  package func callAsFunction(
    months: ClosedRange<BillingMonth>? = nil, organizations: [String] = []
  ) async throws -> [Entry] {
    try await database.openForReading().read { reader in
      let only = try configuration.knownOrganizations(organizations, in: reader)
      var listed: [Entry] = []
      var places: [MonthKey: Int] = [:]
      try reader.visitClosings { stored in
        let entry = stored.closing.entry
        guard months?.contains(entry.month) ?? true, only?.contains(entry.organization) ?? true else { return }
        let key = MonthKey(organization: entry.organization, month: entry.month)
        if let earlier = places.updateValue(listed.count, forKey: key) {
          listed[earlier] = Entry(closing: listed[earlier].closing, holds: false, postCloseChange: nil)
        }
        listed.append(
          Entry(
            closing: stored.closing, holds: stored.closing.closedMonth != nil,
            postCloseChange: stored.closing.postCloseChange(stored.latest)))
      }
      return listed
    }
  }
}

/// Shows an entry of the closing journal.
package struct ShowClosing: Sendable {
  let database: DatabaseAccess

  /// One entry's canonical text, whose SHA-256 is its hash.
  package func callAsFunction(ofClosing sequence: Int64) async throws -> String {
    let found = try await database.openForReading().read { try $0.closing(sequence) }
    guard let found else {
      throw ServiceError(.usage, "there is no closing \(sequence); `quotawatch close list` shows them")
    }
    return found.canonicalText
  }
}

private struct MonthKey: Hashable {
  let organization: OrganizationID
  let month: BillingMonth
}
