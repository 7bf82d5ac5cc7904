package import FoundationEssentials

/// A time of which nothing is known, since a backup was put in the place of the database.
package struct Gap: Hashable, Sendable {
  /// The last moment that the backup knows.
  package let from: Date
  /// When it was restored.
  package let to: Date

  /// - Parameter from: not after `to`, whatever a clock that was ahead has stored.
  package init(from: Date, to: Date) {
    (self.from, self.to) = (min(from, to), to)
  }
}

/// A backup that was put in the place of the database.
package struct Restoration: Hashable, Sendable {
  package let gap: Gap
  /// Where the backup was.
  package let path: String
  /// Whether a run has ended since, which has told what fires.
  package let isCaughtUp: Bool

  package init(gap: Gap, path: String, isCaughtUp: Bool = false) {
    (self.gap, self.path, self.isCaughtUp) = (gap, path, isCaughtUp)
  }
}
