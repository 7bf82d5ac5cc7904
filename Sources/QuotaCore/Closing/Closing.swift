package import FoundationEssentials

/// One entry of the closing journal: a billing month that was closed, or opened again.
///
/// Entries are numbered from 1 and never changed. Each holds the hash of the entry before it, so that a later edit of
/// any of them shows; see ``ClosingChain``.
package struct Closing: Hashable, Sendable {
  package let sequence: Int64
  package let entry: ClosingEntry
  /// The hash of the entry before; ``ClosingChain/genesis`` for the first.
  package let previousHash: String
  /// The hash of ``canonicalText``, in lower-case hexadecimal.
  package let hash: String

  package init(sequence: Int64, entry: ClosingEntry, previousHash: String, hash: String) {
    self.sequence = sequence
    self.entry = entry
    self.previousHash = previousHash
    self.hash = hash
  }

  /// The entry that follows another one, or the first.
  package init(_ entry: ClosingEntry, after previous: Closing?, hash: ContentHash) {
    sequence = (previous?.sequence ?? 0) + 1
    self.entry = entry
    previousHash = previous?.hash ?? ClosingChain.genesis
    self.hash = hash(
      Array(Self.canonicalText(of: entry, sequence: sequence, previousHash: previousHash).utf8))
  }
}

/// SHA-256 of some bytes in lower-case hexadecimal.
package typealias ContentHash = @Sendable ([UInt8]) -> String

/// What was done to a month, when and by whom.
package struct ClosingEntry: Hashable, Sendable {
  package enum Action: Hashable, Sendable {
    case close(ClosedMonth)
    /// The reason is never empty.
    case reopen(reason: String)
  }

  package let organization: OrganizationID
  package let month: BillingMonth
  /// The IANA name of the zone that the month is counted in.
  package let timeZone: String
  package let action: Action
  package let actedAt: Date
  /// Who did it, as they named themselves.
  package let actedBy: String

  package init(
    organization: OrganizationID, month: BillingMonth, timeZone: String, action: Action, actedAt: Date, actedBy: String
  ) {
    self.organization = organization
    self.month = month
    self.timeZone = timeZone
    self.action = action
    self.actedAt = actedAt
    self.actedBy = actedBy
  }
}

/// The figures that a month was closed with.
package struct ClosedMonth: Hashable, Sendable {
  /// The stored reading; nil where the closing was forced without one.
  package let snapshot: ClosedSnapshot?
  package let quota: Quota
  /// Whether the vendor's figures were taken as final already; see ``Settlement``.
  package let isSettled: Bool
  /// The organization's plan, and the version of its prices that was valid.
  package let plan: String?
  package let planVersion: String?
  /// What stood against closing, where it was forced; see ``ClosingObstacle``.
  package let forcedBecause: String?

  package init(
    snapshot: ClosedSnapshot?, quota: Quota, isSettled: Bool, plan: String?, planVersion: String?,
    forcedBecause: String?
  ) {
    self.snapshot = snapshot
    self.quota = quota
    self.isSettled = isSettled
    self.plan = plan
    self.planVersion = planVersion
    self.forcedBecause = forcedBecause
  }
}

/// A snapshot as it was when a month was closed: its later life does not change the closing.
package struct ClosedSnapshot: Hashable, Sendable {
  package let id: Int64
  package let counters: Counters
  package let firstSeenAt: Date
  package let lastSeenAt: Date

  package init(id: Int64, counters: Counters, firstSeenAt: Date, lastSeenAt: Date) {
    self.id = id
    self.counters = counters
    self.firstSeenAt = firstSeenAt
    self.lastSeenAt = lastSeenAt
  }

  package init(_ snapshot: Snapshot) {
    self.init(
      id: snapshot.id, counters: snapshot.counters, firstSeenAt: snapshot.firstSeenAt, lastSeenAt: snapshot.lastSeenAt)
  }
}

extension Closing {
  /// The month's figures, if this entry closed it.
  package var closedMonth: ClosedMonth? {
    guard case .close(let month) = entry.action else { return nil }
    return month
  }

  /// How a month that is closed reads now, where that differs from what it was closed with.
  ///
  /// - Parameter latest: the month's latest snapshot.
  package func postCloseChange(_ latest: Snapshot?) -> PostCloseChange? {
    guard let closedMonth, let latest, latest.counters != closedMonth.snapshot?.counters else { return nil }
    return PostCloseChange(closed: closedMonth.snapshot?.counters, latest: latest)
  }
}

/// Values of a closed month that the vendor gave after the closing. They are kept beside the closed ones.
package struct PostCloseChange: Hashable, Sendable {
  /// What the month was closed with; nil if it was closed without a reading.
  package let closed: Counters?
  package let latest: Snapshot

  /// How much more the vendor counts now.
  package func change(of metric: Metric) -> Int64 { latest.counters[metric] - (closed?[metric] ?? 0) }
}
