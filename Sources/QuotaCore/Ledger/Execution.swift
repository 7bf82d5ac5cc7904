package import FoundationEssentials

/// One operation that the vendor was asked for and that counts as usage if it succeeds: an entry of the ledger.
///
/// What was in the document is no part of it.
package struct Execution: Hashable, Sendable {
  /// What tells executions apart.
  package struct Key: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let organization: OrganizationID
    package let kind: ExecutionKind
    package let id: ExecutionID

    package init(organization: OrganizationID, kind: ExecutionKind, id: ExecutionID) {
      self.organization = organization
      self.kind = kind
      self.id = id
    }

    package var description: String { "\(organization)/\(kind.rawValue)/\(id)" }

    package static func < (first: Key, second: Key) -> Bool {
      (first.organization, first.kind.rawValue, first.id) < (second.organization, second.kind.rawValue, second.id)
    }
  }

  package let key: Key
  package var status: ExecutionStatus
  /// How many pages it counted, if somebody has told.
  package var pages: Int64?
  /// When it was requested, as the vendor or an import has told.
  package var requestedAt: Date?
  /// When it ended, as the vendor or an import has told.
  package var endedAt: Date?
  /// Who told of it first.
  package let origin: ExecutionOrigin
  /// When we first heard of it.
  package let firstSeenAt: Date
  /// When we heard of its present status.
  package var changedAt: Date
  /// When the vendor was last asked for its status.
  package var polledAt: Date?
  /// When asking for it was given up. It may still end, if somebody else tells.
  package var gaveUpAt: Date?

  package init(
    key: Key, status: ExecutionStatus, pages: Int64? = nil, requestedAt: Date? = nil, endedAt: Date? = nil,
    origin: ExecutionOrigin, firstSeenAt: Date, changedAt: Date, polledAt: Date? = nil, gaveUpAt: Date? = nil
  ) {
    self.key = key
    self.status = status
    self.pages = pages
    self.requestedAt = requestedAt
    self.endedAt = endedAt
    self.origin = origin
    self.firstSeenAt = firstSeenAt
    self.changedAt = changedAt
    self.polledAt = polledAt
    self.gaveUpAt = gaveUpAt
  }

  /// When it was requested: when we first heard of it, where nobody has told.
  package var requested: Date { requestedAt ?? firstSeenAt }

  /// When it ended: when we heard of its end, where nobody has told; nil while it has not.
  package var ended: Date? { status.hasEnded ? max(endedAt ?? changedAt, requested) : nil }

  /// The moment whose month it counts in: its end, since the vendor counts what was completed, or its request while it
  /// has not ended.
  package var countedAt: Date { ended ?? requested }
}

/// What the vendor was asked to do.
package enum ExecutionKind: String, Hashable, CaseIterable, Codable, Sendable {
  case step
  case conversion
  case identification
}

/// How far an execution is.
package enum ExecutionStatus: String, Hashable, CaseIterable, Codable, Sendable {
  case enqueued
  case processing
  case success
  case error

  package var hasEnded: Bool { self == .success || self == .error }

  /// Reads a status as the vendor writes it, in capitals or not: the status endpoints say `SUCCESS` where a step's
  /// webhook says `completed`.
  package init?(word: String) {
    switch word.lowercased() {
    case "enqueued", "queued", "pending": self = .enqueued
    case "processing", "started": self = .processing
    case "success", "completed": self = .success
    case "error", "failed": self = .error
    default: return nil
    }
  }

  /// Whether this comes after another on an execution's way.
  func isLater(than other: ExecutionStatus) -> Bool { rank > other.rank }

  private var rank: Int {
    switch self {
    case .enqueued: 0
    case .processing: 1
    case .success, .error: 2
    }
  }
}

/// Who told of an execution.
package enum ExecutionOrigin: String, Hashable, CaseIterable, Codable, Sendable {
  /// `quotawatch steps run`.
  case run
  /// The vendor's answer to a question for the status.
  case poll
  case webhook
  case `import`
}

/// The vendor's name for an execution, such as `cm5vq2x7d0001`; its form is not documented.
package struct ExecutionID: RawRepresentable, Hashable, Comparable, Codable, Sendable, CustomStringConvertible {
  package let rawValue: String

  /// Nil unless it is 1 to 128 letters, digits, `-`, `_`, `.`, `:` and `~` with a letter or digit first: what can stand
  /// in an address as it is.
  package init?(rawValue: String) {
    let isPlain = rawValue.utf8.allSatisfy { $0.isAlphanumeric || "-_.:~".utf8.contains($0) }
    guard isPlain, rawValue.utf8.first.map(\.isAlphanumeric) ?? false, rawValue.utf8.count <= 128 else {
      return nil
    }
    self.rawValue = rawValue
  }

  package var description: String { rawValue }

  package static func < (first: ExecutionID, second: ExecutionID) -> Bool { first.rawValue < second.rawValue }
}
