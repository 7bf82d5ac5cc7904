package import FoundationEssentials

/// Whether a rule's condition holds.
package enum Holds: Hashable, Sendable {
  case yes
  case no
  /// It no longer holds, and not so clearly that it is over: what fires goes on, and nothing begins.
  case between
}

/// Takes what a rule says.
///
/// Nearly always that is no news, so a rule puts it into words only where it is asked to.
package protocol VerdictSink {
  /// Takes one verdict.
  ///
  /// Of several about the same, the first that is explained counts.
  ///
  /// - Parameters:
  ///   - level: verdicts that differ in their level only are told together; they come in a row, lowest level first.
  ///   - explain: is given what was said before, and returns nil if there is nothing to be said after all.
  mutating func add(
    _ holds: Holds, month: BillingMonth?, metric: Metric?, level: Level?,
    explain: (_ previous: PreviousVerdict?) -> Explanation?)

  /// The levels of a month's counter of which something was said before, in no order.
  func levels(of metric: Metric, in month: BillingMonth) -> [Level]
}

extension VerdictSink {
  /// Takes a verdict that is about no level.
  mutating func add(
    _ holds: Holds, month: BillingMonth? = nil, metric: Metric? = nil,
    explain: (_ previous: PreviousVerdict?) -> Explanation?
  ) {
    add(holds, month: month, metric: metric, level: nil, explain: explain)
  }
}

/// Why a verdict is as it is.
package struct Explanation: Sendable {
  /// One sentence for a person, with the values.
  package let reason: String
  package let evidence: Evidence

  package init(_ reason: String, _ evidence: Evidence) {
    self.reason = reason
    self.evidence = evidence
  }
}

/// What was said last of what a verdict is about.
package struct PreviousVerdict: Sendable {
  /// Whether it held, for long enough to be told.
  package let holds: Bool
  package let evidence: Evidence
  /// Since when it has held without being told.
  package let pendingSince: Date?
}
