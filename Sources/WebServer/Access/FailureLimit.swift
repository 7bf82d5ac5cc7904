import HTTPTypes
import Synchronization

/// Answers nobody for a while who has shown too many wrong tokens: a short one cannot be found by trying. The same one shown again,
/// as by a browser whose token has expired, is no further try.
package final class FailureLimit: Sendable {
  /// How many different wrong tokens an address may show within ``span``.
  static let most = 20
  /// In seconds.
  static let span = 60.0
  /// How many addresses are remembered.
  private static let addresses = 10_000

  private struct Record {
    /// Their hashes, which nobody outside of this process can tell.
    var tokens: Set<Int>
    /// When the first of them was shown.
    var since: Double
  }

  private let records = Mutex<[String: Record]>([:])
  private let elapsed: @Sendable () -> Double

  /// - Parameter elapsed: seconds since some moment, which never go back.
  package init(elapsed: (@Sendable () -> Double)? = nil) {
    let start = ContinuousClock.now
    self.elapsed = elapsed ?? { (ContinuousClock.now - start) / .seconds(1) }
  }

  /// - Throws: that the address has shown too many.
  func check(_ address: String) throws(Problem) {
    let now = elapsed()
    let record = records.withLock { $0[Self.subject(address)] }
    guard let record, record.tokens.count >= Self.most, now < record.since + Self.span else { return }
    throw Problem(
      .tooManyRequests, "too many wrong tokens were shown from this address; wait a minute",
      retryAfter: Int((record.since + Self.span - now).rounded(.up)))
  }

  /// Takes note of a wrong token.
  func note(_ address: String, _ token: String) {
    let now = elapsed()
    records.withLock { records in
      if records.count >= Self.addresses { records = records.filter { now < $0.value.since + Self.span } }
      // Where so many take part, none is told from another.
      let subject = records.count >= Self.addresses ? "" : Self.subject(address)
      let known = records[subject].flatMap { now < $0.since + Self.span ? $0 : nil }
      var record = known ?? Record(tokens: [], since: now)
      record.tokens.insert(token.hashValue)
      records[subject] = record
    }
  }

  /// An address of IPv6 is one of many that somebody has.
  private static func subject(_ address: String) -> String {
    address.contains(":") && !address.contains(".")
      ? address.split(separator: ":", omittingEmptySubsequences: false).prefix(4).joined(separator: ":") : address
  }
}
