import FoundationEssentials
import Notifiers
package import QuotaCore

/// Tries channels with a test message.
package struct TestNotifiers: Sendable {
  let configuration: Configuration
  let database: DatabaseAccess
  let channels: Channels
  let world: World

  /// What a notifier's other side said to a test message.
  package struct TestResult: Sendable {
    package let notifier: NotifierID
    package let outcome: SendOutcome
  }

  /// Sends a marked test message through notifiers, at once and without the outbox; all for an empty list.
  package func callAsFunction(_ names: [String]) async throws -> [TestResult] {
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
    guard FileManager.default.fileExists(atPath: database.path) else { return }
    let sick = try await database.openForReading().read { reader in
      try working.filter { try reader.health(of: $0).isSick }
    }
    guard !sick.isEmpty else { return }
    try await database.writing { store in
      try await store.write { writer in for notifier in sick { try writer.save(ChannelHealth(), of: notifier) } }
    }
  }

  private func notifiers(_ names: [String]) throws -> [any Notifier] {
    let known = Set(configuration.notifiers.map(\.id.rawValue))
    let unknown = names.filter { !known.contains($0) }
    guard unknown.isEmpty else {
      throw ServiceError(
        .usage, lines: unknown.map { "no notifier \"\($0)\" is configured" + suggestion(for: $0, among: known) })
    }
    return channels.notifiers.filter { names.isEmpty || names.contains($0.id.rawValue) }
  }
}

/// Lists channels and what waits for them.
package struct ListNotifiers: Sendable {
  let configuration: Configuration
  let database: DatabaseAccess

  /// A configured notifier and what waits for it.
  package struct Status: Sendable {
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
  package func callAsFunction(
    dead: Bool = false
  ) async throws -> (notifiers: [Status], deliveries: [Delivery]) {
    try await database.openForReading().read { [configuration] reader in
      let deliveries = try reader.deliveries([.pending, .dead])
      let statuses = try configuration.notifiers.map { entry in
        let own = deliveries.filter { $0.notifier == entry.id }
        return Status(
          id: entry.id, type: entry.configuration.type.rawValue, pending: own.count { $0.status == .pending },
          dead: own.count { $0.status == .dead && $0.dismissal == nil }, health: try reader.health(of: entry.id),
          lastDelivered: try reader.lastDelivered(to: entry.id))
      }
      return (statuses, deliveries.filter { dead ? $0.status == .dead : $0.dismissal == nil })
    }
  }
}

/// Sends again what was not delivered.
package struct RetryDeliveries: Sendable {
  let database: DatabaseAccess
  let channels: Channels
  let world: World

  /// Makes deliveries due again, whatever their channels have answered so far, and sends what is due.
  ///
  /// - Parameter event: the deliveries of this event or message that are not delivered; nil takes every dead one.
  /// - Returns: how many were made due, and what became of the attempts.
  package func callAsFunction(event: String?, budget: Double) async throws -> (queued: Int, count: DeliveryCount) {
    try await database.running { try await retry(event: event, budget: budget, in: $0) }
  }

  private func retry(
    event: String?, budget: Double, in store: any UsageStore
  ) async throws -> (queued: Int, count: DeliveryCount) {
    let now = world.now()
    let queued = try await store.write { [upkeep = channels.outboxUpkeep, queue = channels.messageQueue] writer in
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
    let count = try await channels.dispatcher(store).run(budget: budget) { _ in }.count
    return (queued, count)
  }
}

/// Puts dead letters away.
package struct DismissDeadLetters: Sendable {
  let database: DatabaseAccess
  let world: World

  /// Says of dead letters that they need no more attention.
  ///
  /// - Parameters:
  ///   - ids: of messages, or of events that they were to tell; nil takes every dead letter.
  ///   - by: who, as they are called on their machine.
  /// - Returns: how many were dismissed.
  package func callAsFunction(_ ids: [String]?, by: String) async throws -> Int {
    try checkLine(by, "--by")
    let dismissal = Delivery.Dismissal(at: world.now(), by: by)
    return try await database.writing { store in
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
}

/// Lists dead letters.
package struct ListDeadLetters: Sendable {
  let database: DatabaseAccess

  /// The dead letters that nobody has dismissed, newest first.
  package func callAsFunction() async throws -> [DeadLetter] {
    try await database.openForReading().read { try $0.deadLetters() }
  }
}
