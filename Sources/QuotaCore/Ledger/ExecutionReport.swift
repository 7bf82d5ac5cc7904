package import FoundationEssentials

/// What somebody says of an execution: an answer of the vendor, a webhook, or a row of an import.
package struct ExecutionReport: Hashable, Sendable {
  package let key: Execution.Key
  package let status: ExecutionStatus
  package let pages: Int64?
  /// Nil where nobody says it, or a time outside of the vendor's years.
  package let requestedAt: Date?
  /// The same.
  package let endedAt: Date?
  package let origin: ExecutionOrigin
  /// When we heard of it.
  package let seenAt: Date

  package init(
    key: Execution.Key, status: ExecutionStatus, pages: Int64? = nil, requestedAt: Date? = nil, endedAt: Date? = nil,
    origin: ExecutionOrigin, seenAt: Date
  ) {
    self.key = key
    self.status = status
    self.pages = pages
    self.requestedAt = requestedAt.flatMap(Self.known)
    self.endedAt = endedAt.flatMap(Self.known)
    self.origin = origin
    self.seenAt = seenAt
  }

  /// A time that is of a billing month in every time zone.
  private static func known(_ time: Date) -> Date? {
    [TimeSpan.days(-1), .days(1)].allSatisfy { BillingMonth(containing: time + $0, in: .gmt) != nil } ? time : nil
  }
}

extension Execution {
  /// What a report does to what is known.
  package enum Change: Hashable, Sendable {
    /// It is the first one of this execution.
    case added(Execution)
    case changed(Execution)
    /// It says nothing new, or something that is over.
    case unchanged
    /// It says something else than what is known, which stays.
    case contradicts(Contradiction)
  }

  /// An end that is known, and another one that a report says.
  package struct Contradiction: Hashable, Sendable {
    package let known: End
    package let said: End
    /// Whether the known end was told at the same moment: by the same file.
    package let isOfSameTime: Bool

    package struct End: Hashable, Sendable, CustomStringConvertible {
      package let status: ExecutionStatus
      /// Nil where the pages are the same, or not known to both.
      package let pages: Int64?

      /// Such as `success` or `success with 5 pages`.
      package var description: String { status.rawValue + (pages.map { " with \($0.counted(.pages))" } ?? "") }
    }

    /// What the vendor says, and what becomes of it: one line.
    package func words(of key: Execution.Key) -> String {
      "\(key): the vendor says \(said), but the ledger has \(known) and keeps it"
    }

    /// Nil where they do not contradict each other.
    init?(_ known: Execution, _ report: ExecutionReport) {
      guard known.status.hasEnded, report.status.hasEnded else { return nil }
      let differs = known.pages != nil && report.pages != nil && known.pages != report.pages
      guard differs || known.status != report.status else { return nil }
      self.known = End(status: known.status, pages: differs ? known.pages : nil)
      said = End(status: report.status, pages: differs ? report.pages : nil)
      isOfSameTime = known.changedAt == report.seenAt
    }
  }

  /// What is known after a report, in whatever order reports come and however often: the status only moves forward, an
  /// end stays, and what was told first stays; what was not told before is filled in.
  package static func change(of known: Execution?, by report: ExecutionReport) -> Change {
    guard let known else { return .added(Execution(report)) }
    if let contradiction = Contradiction(known, report) { return .contradicts(contradiction) }
    var next = known
    if report.status.isLater(than: known.status) {
      next.status = report.status
      next.changedAt = report.seenAt
    }
    next.pages = known.pages ?? report.pages
    next.requestedAt = known.requestedAt ?? report.requestedAt
    if report.status.hasEnded { next.endedAt = known.endedAt ?? report.endedAt }
    return next == known ? .unchanged : .changed(next)
  }

  /// What is known of an execution after the first report of it.
  package init(_ report: ExecutionReport) {
    self.init(
      key: report.key, status: report.status, pages: report.pages, requestedAt: report.requestedAt,
      endedAt: report.status.hasEnded ? report.endedAt : nil, origin: report.origin, firstSeenAt: report.seenAt,
      changedAt: report.seenAt)
  }
}
