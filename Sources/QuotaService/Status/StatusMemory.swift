import FoundationEssentials
import QuotaCore
import Synchronization

/// Where every organization stood when that was read last, for as long as it is the same: until the database or the minute
/// is another one.
package final class StatusMemory: Sendable {
  /// What tells when something was read.
  struct Moment: Hashable {
    private let version: ReadingPool.DataVersion
    private let minute: Int

    /// Nil where it is not known whether the database is the same.
    init?(_ version: ReadingPool.DataVersion?, at now: Date) {
      guard let version else { return nil }
      self.version = version
      minute = Int((now.timeIntervalSince1970 / 60).rounded(.down))
    }
  }

  private let latest = Mutex<(moment: Moment, rows: [StatusRow])?>(nil)

  init() {}

  /// Nil if something has changed since.
  func rows(at moment: Moment) -> [StatusRow]? {
    latest.withLock { $0.flatMap { $0.moment == moment ? $0.rows : nil } }
  }

  /// Lets go of what is kept, which the next who asks reads anew.
  func forget() { latest.withLock { $0 = nil } }

  func keep(_ rows: [StatusRow], of moment: Moment) {
    latest.withLock { $0 = (moment, rows) }
  }
}
