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
    let results = try await withThrowingTaskGroup(of: (Int, TestResult).self) { group in
      for (index, notifier) in chosen.enumerated() {
        group.addTask {
          let message = Message.event(.test(of: notifier.id, now: now))
          let outcome = await notifier.send(try notifier.compose(message), id: message.id, now: now)
          return (index, TestResult(notifier: notifier.id, outcome: outcome))
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.map(\.1)
    }
    try await enable(results.filter { if case .delivered = $0.outcome { true } else { false } }.map(\.notifier))
    return results
  }

  /// Ends what keeps notifiers from being told, now that they have taken a message.
  private func enable(_ working: [NotifierID]) async throws {
    guard FileManager.default.fileExists(atPath: configuration.databasePath) else { return }
    let sick = try await openForReading().read { reader in
      try working.filter { try reader.health(of: $0).isSick }
    }
    guard !sick.isEmpty else { return }
    try await writing { store in
      try await store.write { writer in for notifier in sick { try writer.save(ChannelHealth(), of: notifier) } }
    }
  }

  /// A configured notifier and what waits for it.
  package struct NotifierStatus: Sendable {
    package let id: NotifierID
    package let type: String
    package let pending: Int
    package let dead: Int
    package let health: ChannelHealth
    /// What was delivered last; its remark says whether the answer was unusual.
    package let lastDelivered: Delivery?
  }

  /// The configured notifiers, and the deliveries that are pending or dead.
  ///
  /// - Parameter dead: only dead letters, those that were dismissed among them; otherwise none of these.
  package func notifyList(
    dead: Bool = false
  ) async throws -> (notifiers: [NotifierStatus], deliveries: [Delivery]) {
    try await openForReading().read { [configuration] reader in
      let deliveries = try reader.deliveries([.pending, .dead])
      let statuses = try configuration.notifiers.map { entry in
        let own = deliveries.filter { $0.notifier == entry.id }
        return NotifierStatus(
          id: entry.id, type: entry.configuration.type.rawValue, pending: own.count { $0.status == .pending },
          dead: own.count { $0.status == .dead && $0.dismissal == nil }, health: try reader.health(of: entry.id),
          lastDelivered: try reader.lastDelivered(to: entry.id))
      }
      return (statuses, deliveries.filter { dead ? $0.status == .dead : $0.dismissal == nil })
    }
  }

  /// Makes deliveries due again, whatever their channels have answered so far, and sends what is due.
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
    let queued = try await store.write { [upkeep = outboxUpkeep, queue = messageQueue] writer in
      let chosen =
        try event.map { try writer.deliveries(of: $0) } ?? writer.deliveries([.dead]).filter { $0.dismissal == nil }
      let open = chosen.filter { $0.status == .pending || $0.status == .dead }
      for delivery in open { try writer.update(delivery.restarted(at: now)) }
      for notifier in Set(open.map(\.notifier)) {
        try writer.save(ChannelHealth(), of: notifier)
      }
      _ = try upkeep.sort(writer, now: now)
      _ = try queue.fill(in: writer, now: now)
      return open.count
    }
    if let event, queued == 0 {
      throw ServiceError(
        .usage, "no undelivered notification of an event \"\(event)\"; `quotawatch notify list` shows them")
    }
    let count = try await dispatcher(store).run(budget: budget) { _ in }.count
    return (queued, count)
  }

  /// Says of dead letters that they need no more attention.
  ///
  /// - Parameters:
  ///   - ids: of messages, or of events that they were to tell; nil takes every dead letter.
  ///   - by: who, as they are called on their machine.
  /// - Returns: how many were dismissed.
  package func dismiss(_ ids: [String]?, by: String) async throws -> Int {
    try Self.checkLine(by, "--by")
    let dismissal = Delivery.Dismissal(at: world.now(), by: by)
    return try await writing { store in
      try await store.write { writer in
        var dead: [Delivery] = []
        for id in ids ?? [] {
          let found = try writer.deliveries(of: id).filter { $0.status == .dead && $0.dismissal == nil }
          guard !found.isEmpty else {
            throw ServiceError(.usage, "no dead letter \"\(id)\"; `quotawatch notify list --dead` shows them")
          }
          dead += found
        }
        if ids == nil { dead = try writer.deliveries([.dead]).filter { $0.dismissal == nil } }
        let chosen = Set(dead)
        for var delivery in chosen {
          delivery.dismissal = dismissal
          try writer.update(delivery)
        }
        return chosen.count
      }
    }
  }

  /// The dead letters that nobody has dismissed, newest first.
  package func deadLetters() async throws -> [DeadLetter] {
    try await openForReading().read { try $0.deadLetters() }
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
