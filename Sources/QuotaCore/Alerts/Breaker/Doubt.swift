package import FoundationEssentials

/// A month's figures that are not believed yet. They are stored with the reading that brought them, and nothing that
/// rests on them is judged until they are decided on: then the month is held against its reading before.
package struct Doubt: Hashable, Codable, Sendable {
  package enum Status: String, Hashable, Codable, Sendable {
    /// The run that found it has not ended yet, so that it is not known how many others there are.
    case found
    /// Too many were beyond reason at once.
    case held
    /// The vendor has taken the figures back; kept until a run's end has decided on the others.
    case takenBack = "taken_back"
  }

  package private(set) var status: Status
  package private(set) var suspect: Suspect
  /// The month's latest reading before the doubted one; nil if the month was not read before.
  package let base: Snapshot?
  /// The month's latest reading.
  package private(set) var latest: Snapshot
  package private(set) var quota: Quota
  /// The quota at the reading before the doubted one; nil where that is not known.
  package let quotaBefore: Quota?
  package private(set) var foundAt: Date
  /// Since when the figures stand as they are doubted now.
  package private(set) var since: Date
  /// The last reading after ``since`` that let them stand; nil if there was none.
  package private(set) var stoodAt: Date?

  /// Doubt is over at the latest after so long, whatever can be read.
  static let longest = TimeSpan.hours(24)

  package init(_ suspect: Suspect, _ month: ObservedMonth, at now: Date) {
    status = .found
    self.suspect = suspect
    base = month.before
    latest = month.snapshot
    quota = month.quota
    quotaBefore = month.quotaBefore
    foundAt = now
    since = now
  }

  package var organization: OrganizationID { suspect.organization }
  package var month: BillingMonth { suspect.month }

  /// What the counter was before; nil if it was not read before.
  package var before: Int64? { base?.counters[suspect.metric] }

  /// `300 before`, or `never read before`.
  package var earlier: String { Self.earlier(before) }

  static func earlier(_ before: Int64?) -> String { before.map { "\($0.grouped) before" } ?? "never read before" }

  /// The doubt after another reading of the month.
  package func after(_ month: ObservedMonth, at now: Date) -> Doubt {
    var next = self
    let count = month.snapshot.counters[suspect.metric]
    if suspect.isTakenBack(by: count) || isInReason(month) {
      next.status = .takenBack
    } else if count >= latest.counters[suspect.metric], Suspect(month, previous: nil) == nil {
      next = next.anchored(at: now)
      next.stoodAt = now
    } else {
      // Other figures, that nothing speaks for either.
      next.since = now
      next.stoodAt = nil
    }
    next.suspect = Suspect(
      organization: organization, month: self.month, metric: suspect.metric, move: suspect.move, before: suspect.before,
      after: next.stoodAt == nil && next.status != .takenBack ? count : suspect.after)
    next.latest = month.snapshot
    next.quota = month.quota
    return next
  }

  /// Whether the counter has moved back to where nothing would have been doubted.
  private func isInReason(_ month: ObservedMonth) -> Bool {
    let (count, doubted) = (month.snapshot.counters[suspect.metric], latest.counters[suspect.metric])
    let isBack =
      switch suspect.move {
      case .jump: count < doubted
      case .drop: count > doubted
      case .first: false
      }
    return isBack && Suspect(month.held(against: base), previous: nil) == nil
  }

  /// The doubt by a clock that is right now: one that was ahead must not make it last.
  func anchored(at now: Date) -> Doubt {
    var next = self
    (next.foundAt, next.since) = (min(foundAt, now), min(since, now))
    return next
  }

  /// The doubt as a part of one about many.
  package func held() -> Doubt {
    var next = self
    next.status = .held
    return next
  }

  /// The doubt when others' figures were taken back: what still stands has to stand for longer.
  func restarted(at now: Date) -> Doubt {
    var next = self
    (next.since, next.stoodAt) = (now, nil)
    return next
  }

  /// Whether the figures have stood for so long.
  func hasStood(for wait: TimeSpan) -> Bool {
    stoodAt.map { $0 >= since + wait } ?? false
  }

  func isOver(at now: Date) -> Bool { now >= foundAt + Self.longest }

  /// The month as it is judged when the doubt is over: held against its reading before.
  package func observed(in period: Range<Date>, closed: ClosedMonth?) -> ObservedMonth {
    ObservedMonth(
      snapshot: latest, before: base, quota: quota, quotaBefore: quotaBefore, period: period, closed: closed)
  }
}

extension ObservedMonth {
  /// The same reading, held against an earlier one.
  package func held(against base: Snapshot?) -> ObservedMonth {
    ObservedMonth(
      snapshot: snapshot, before: base, quota: quota, quotaBefore: quotaBefore, period: period, closed: closed)
  }
}
