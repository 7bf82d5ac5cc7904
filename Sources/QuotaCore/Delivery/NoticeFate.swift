/// What became of one event for one notifier.
package struct NoticeFate: Hashable, Sendable {
  package let notice: Notice
  /// The message that tells it, once there is one.
  package let delivery: Delivery?

  package init(notice: Notice, delivery: Delivery?) {
    (self.notice, self.delivery) = (notice, delivery)
  }
}
