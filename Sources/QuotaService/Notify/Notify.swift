import FoundationEssentials
import Notifiers
package import QuotaCore

extension Service {
  /// What a notifier's other side said to a test message.
  package struct TestResult: Sendable {
    package let notifier: NotifierID
    package let outcome: SendOutcome
  }

  /// Sends a marked test message through notifiers, at once and without the outbox; all for an empty list.
  package func notifyTest(_ names: [String]) async throws -> [TestResult] {
    let chosen = try notifiers(names)
    let now = world.now()
    return try await withThrowingTaskGroup(of: (Int, TestResult).self) { group in
      for (index, notifier) in chosen.enumerated() {
        group.addTask {
          let message = Message.event(.test(of: notifier.id, now: now))
          let outcome = await notifier.send(try notifier.compose(message), id: message.id, now: now)
          return (index, TestResult(notifier: notifier.id, outcome: outcome))
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.map(\.1)
    }
  }

  /// A configured notifier and what waits for it.
  package struct NotifierStatus: Sendable {
    package let id: NotifierID
    package let type: String
    package let pending: Int
    package let dead: Int
    /// What was delivered last; its remark says whether the answer was unusual.
    package let lastDelivered: Delivery?
  }

  /// The configured notifiers, and the deliveries that are pending or dead.
  package func notifyList() async throws -> (notifiers: [NotifierStatus], deliveries: [Delivery]) {
    let store = try openForReading()
    let (deliveries, delivered) = try await store.read { [configuration] reader in
      (
        try reader.deliveries([.pending, .dead]),
        try configuration.notifiers.compactMap { try reader.lastDelivered(to: $0.id) }
      )
    }
    let statuses = configuration.notifiers.map { entry in
      let own = deliveries.filter { $0.notifier == entry.id }
      return NotifierStatus(
        id: entry.id, type: entry.configuration.kind.rawValue, pending: own.count { $0.status == .pending },
        dead: own.count { $0.status == .dead }, lastDelivered: delivered.first { $0.notifier == entry.id })
    }
    return (statuses, deliveries)
  }

  /// Makes deliveries due again, with all attempts before them, and sends what is due.
  ///
  /// - Parameter event: the deliveries of this event or message that are not delivered; nil takes every dead one.
  /// - Returns: how many were made due, and what became of the attempts.
  package func notifyRetry(event: String?, budget: Double) async throws -> (queued: Int, count: DeliveryCount) {
    try await running { try await notifyRetry(event: event, budget: budget, in: $0) }
  }

  private func notifyRetry(
    event: String?, budget: Double, in store: any UsageStore
  ) async throws -> (queued: Int, count: DeliveryCount) {
    let now = world.now()
    let queued = try await store.write { writer in
      let chosen =
        try event.map { try writer.deliveries(of: $0) } ?? writer.deliveries([.dead])
      let open = chosen.filter { $0.status != .delivered }
      for delivery in open { try writer.update(delivery.restarted(at: now)) }
      return open.count
    }
    if let event, queued == 0 {
      throw ServiceError(
        .usage, "no undelivered notification of an event \"\(event)\"; `quotawatch notify list` shows them")
    }
    let count = try await dispatcher(notifiers, store).run(budget: budget) { _ in }.count
    return (queued, count)
  }

  private func notifiers(_ names: [String]) throws -> [any Notifier] {
    let known = Set(configuration.notifiers.map(\.id.rawValue))
    let unknown = names.filter { !known.contains($0) }
    guard unknown.isEmpty else {
      throw ServiceError(
        .usage, lines: unknown.map { "no notifier \"\($0)\" is configured" + suggestion(for: $0, among: known) })
    }
    return notifiers.filter { names.isEmpty || names.contains($0.id.rawValue) }
  }
}
