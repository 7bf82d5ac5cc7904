import FoundationEssentials
import Notifiers
package import QuotaCore

/// Tries channels with a test message.
package struct TestNotifiers: Sendable {
  let configuration: Configuration
  let database: DatabaseAccess
  let channels: Channels
  let world: World
  let log: ActLog

  /// What a notifier's other side said to a test message.
  package struct TestResult: Sendable {
    package let notifier: NotifierID
    package let outcome: SendOutcome
  }

  /// Sends a marked test message through notifiers, at once and without the outbox; all for an empty list.
  package func callAsFunction(_ names: [String]) async throws -> [TestResult] {
    let chosen = try notifiers(names)
    let now = world.now()
    let what = "tried \(chosen.map(\.id.rawValue).joined(separator: ", "))"
    let act = try await writing { try log.note(.test, what, objects: chosen.map(\.id.rawValue), in: $0) }
    let results = try await withThrowingTaskGroup(of: (Int, TestResult).self) { group in
      for (index, notifier) in chosen.enumerated() {
        group.addTask {
          let message = Message.event(.test(of: notifier.id, now: now))
          let payload = try notifier.compose(message)
          let outcome = await answer { await notifier.send(payload, id: message.id, now: now) }
          return (index, TestResult(notifier: notifier.id, outcome: outcome))
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.map(\.1)
    }
    let working = results.filter { if case .delivered = $0.outcome { true } else { false } }.map(\.notifier)
    _ = try await writing { writer in
      // What kept notifiers from being told has ended, now that they have taken a message.
      for notifier in working where try writer.health(of: notifier).isSick {
        try writer.save(ChannelHealth(), of: notifier)
      }
      let outcomes = results.map { (results.count > 1 ? "\($0.notifier): " : "") + $0.outcome.words }
        .joined(separator: "; ")
      if let act { try writer.reword(act, "\(what): \(outcomes)") }
    }
    return results
  }

  /// Somebody waits for what comes of it, in seconds.
  private static let patience = 60.0

  /// What became of an attempt, which is broken off when nobody would wait any longer.
  private func answer(to attempt: @escaping @Sendable () async -> SendOutcome) async -> SendOutcome {
    await withTaskGroup(of: SendOutcome?.self) { group in
      group.addTask { await attempt() }
      group.addTask { [deadline = world.deadline] in
        try? await deadline(Self.patience)
        return nil
      }
      let answer = await group.next().flatMap(\.self)
      group.cancelAll()
      if let answer { return answer }
      let late = await group.next().flatMap(\.self) ?? .unknown(reason: "")
      return late.brokenOff(by: "a minute was over")
    }
  }

  /// Nil where nothing was stored yet: a channel can be tried before the first run.
  private func writing<Value: Sendable>(
    _ body: @Sendable @escaping (any StoreWriter) throws -> Value
  ) async throws -> Value? {
    guard FileManager.default.fileExists(atPath: database.path) else { return nil }
    return try await database.writing { try await $0.write(body) }
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
