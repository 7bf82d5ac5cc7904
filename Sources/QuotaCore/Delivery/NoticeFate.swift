package import FoundationEssentials

/// What became of one event for one notifier.
package struct NoticeFate: Hashable, Sendable {
  package let notice: Notice
  /// The message that tells it, once there is one.
  package let delivery: Delivery?
  /// Until when its channel wants to be left alone; nil for one that may be tried.
  package let restsUntil: Date?

  package init(notice: Notice, delivery: Delivery?, restsUntil: Date? = nil) {
    (self.notice, self.delivery, self.restsUntil) = (notice, delivery, restsUntil)
  }
}
