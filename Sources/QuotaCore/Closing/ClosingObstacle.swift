package import FoundationEssentials

/// What stands against closing an organization's month.
package enum ClosingObstacle: Hashable, Sendable {
  /// The month still runs, by our clock or by the vendor's answer.
  case notOver(end: Date)
  /// The last explicit reading failed.
  case notReadNow(String)
  /// There is no reading of the month at all.
  case neverRead
  /// The month's latest figures are beyond reason, and nothing speaks for them yet.
  case doubted(Doubt)

  package var message: String {
    switch self {
    case .notOver(let end): "the month is not over before \(end.iso8601)"
    case .notReadNow(let failure): "the last reading failed: \(failure)"
    case .neverRead: "the month was never read"
    case .doubted(let doubt):
      "its figures are in doubt (\(doubt.suspect.after.counted(doubt.suspect.metric)) reported, \(doubt.earlier)), "
        + "until `collect` has seen them stand or go back"
    }
  }

  /// Everything that stands against closing a month now; nothing if it may be closed.
  ///
  /// - Parameters:
  ///   - end: the month's end in the billing time zone.
  ///   - vendorMonth: the month that is current for the vendor; nil if it gave no answer.
  ///   - failure: why the month could not be read now.
  ///   - latest: the month's latest snapshot.
  ///   - doubt: whether its figures are believed; nil if nothing speaks against them.
  package static func all(
    closing month: BillingMonth, end: Date, now: Date, vendorMonth: BillingMonth?, failure: String?, latest: Snapshot?,
    doubt: Doubt?
  ) -> [ClosingObstacle] {
    var found: [ClosingObstacle] = []
    if now < end || vendorMonth.map({ $0 <= month }) ?? false { found.append(.notOver(end: end)) }
    if let failure { found.append(.notReadNow(failure)) }
    if latest == nil { found.append(.neverRead) }
    if let doubt, doubt.status != .takenBack { found.append(.doubted(doubt)) }
    return found
  }
}
