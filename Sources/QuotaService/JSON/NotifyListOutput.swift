import FoundationEssentials
package import QuotaCore

/// `notify list` as JSON.
package struct NotifyListOutput: Encodable {
  struct Entry: Encodable {
    let id: String
    let type: String
    let pending: Int
    let dead: Int
    let failures: Int
    let restsUntil: Date?
    let disabledSince: Date?
    let disabledReason: String?
    let lastDeliveredAt: Date?
    let remark: String?
  }

  struct Open: Encodable {
    let message: String
    let notifier: String
    let status: Delivery.Status
    let attempts: Int
    let queuedAt: Date
    let lastAttemptAt: Date?
    let lastAnswer: String?
    let givenUpAt: Date?
    let dismissedAt: Date?
    let dismissedBy: String?
  }

  let notifiers: [Entry]
  let deliveries: [Open]
  let nextCursor: String?

  /// - Parameter next: where the deliveries go on, if there are more.
  package init(_ notifiers: [ListNotifiers.Status], _ deliveries: [Delivery], next: String? = nil) {
    nextCursor = next
    self.notifiers = notifiers.map {
      Entry(
        id: $0.id.rawValue, type: $0.type, pending: $0.pending, dead: $0.dead, failures: $0.health.failures,
        restsUntil: $0.health.restsUntil, disabledSince: $0.health.disabled?.since,
        disabledReason: $0.health.disabled?.reason,
        lastDeliveredAt: $0.lastDelivered?.lastAttemptAt, remark: $0.lastDelivered?.remark)
    }
    self.deliveries = deliveries.map {
      Open(
        message: $0.message.rawValue, notifier: $0.notifier.rawValue, status: $0.status, attempts: $0.attempts,
        queuedAt: $0.queuedAt, lastAttemptAt: $0.lastAttemptAt,
        lastAnswer: $0.lastAnswer, givenUpAt: $0.diedAt,
        dismissedAt: $0.dismissal?.at, dismissedBy: $0.dismissal?.by)
    }
  }
}
