package import FoundationEssentials

/// What stands against closing an organization's month.
package enum ClosingObstacle: Hashable, Sendable {
  /// The month still runs, by our clock or by the vendor's answer.
  case notOver(end: Date)
  /// The last explicit reading failed.
  case notReadNow(String)
  /// There is no reading of the month at all.
  case neverRead

  package var message: String {
    switch self {
    case .notOver(let end): "the month is not over before \(end.iso8601)"
    case .notReadNow(let failure): "the last reading failed: \(failure)"
    case .neverRead: "the month was never read"
    }
  }

  /// Everything that stands against closing a month now; nothing if it may be closed.
  ///
  /// - Parameters:
  ///   - end: the month's end in the billing time zone.
  ///   - vendorMonth: the month that is current for the vendor; nil if it gave no answer.
  ///   - failure: why the month could not be read now.
  ///   - latest: the month's latest snapshot.
  package static func all(
    closing month: BillingMonth, end: Date, now: Date, vendorMonth: BillingMonth?, failure: String?, latest: Snapshot?
  ) -> [ClosingObstacle] {
    var found: [ClosingObstacle] = []
    if now < end || vendorMonth.map({ $0 <= month }) ?? false { found.append(.notOver(end: end)) }
    if let failure { found.append(.notReadNow(failure)) }
    if latest == nil { found.append(.neverRead) }
    return found
  }
}
