package import FoundationEssentials

/// What a notifier's channel has before it, in figures.
package struct Backlog: Hashable, Sendable {
  /// How many messages are to be sent.
  package let pending: Int
  /// Since when the oldest news has waited that is in one of these.
  package let oldest: Date?
  /// How many messages were given up and not dismissed.
  package let dead: Int

  package init(pending: Int, oldest: Date?, dead: Int) {
    (self.pending, self.oldest, self.dead) = (pending, oldest, dead)
  }
}
