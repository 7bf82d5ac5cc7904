package import QuotaCore

extension Service {
  /// What `close verify` found.
  package struct ClosingProof: Sendable {
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
  package func verifyClosings(lookingFor sought: String? = nil) async throws -> ClosingProof {
    try await openForReading().read { reader in
      var chain = ClosingChain(hash: ContentDigest.sha256, lookingFor: sought)
      var problems: [String] = []
      try reader.visitClosings { stored in
        problems += chain.follow(stored.closing, snapshot: stored.snapshotCounters)
      }
      if !chain.hasSeen, let sought {
        problems.append(
          "no closing has the hash \(sought): the journal was cut or written anew since it was noted down")
      }
      return ClosingProof(entries: chain.count, head: chain.head, problems: problems)
    }
  }

  /// An entry of the journal, and what became of it.
  package struct ListedClosing: Sendable {
    package let closing: Closing
    /// Whether the month is closed by this entry now.
    package let holds: Bool
    /// What the vendor has said differently since, of an entry that holds.
    package let postCloseChange: PostCloseChange?
  }

  /// The journal in its order.
  ///
  /// - Parameters:
  ///   - month: only this month.
  ///   - organization: only this one, whether it is still configured or not.
  package func closings(month: BillingMonth?, organization: String?) async throws -> [ListedClosing] {
    try await openForReading().read { reader in
      if let organization { _ = try knownOrganization(organization, in: reader) }
      var listed: [ListedClosing] = []
      var places: [MonthKey: Int] = [:]
      try reader.visitClosings { stored in
        let entry = stored.closing.entry
        guard month.map({ $0 == entry.month }) ?? true,
          organization.map({ $0 == entry.organization.rawValue }) ?? true
        else { return }
        let key = MonthKey(organization: entry.organization, month: entry.month)
        if let earlier = places.updateValue(listed.count, forKey: key) {
          listed[earlier] = ListedClosing(closing: listed[earlier].closing, holds: false, postCloseChange: nil)
        }
        listed.append(
          ListedClosing(
            closing: stored.closing, holds: stored.closing.closedMonth != nil,
            postCloseChange: stored.closing.postCloseChange(stored.latest)))
      }
      return listed
    }
  }

  /// One entry's canonical text, whose SHA-256 is its hash.
  package func canonicalText(ofClosing sequence: Int64) async throws -> String {
    let found = try await openForReading().read { try $0.closing(sequence) }
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
