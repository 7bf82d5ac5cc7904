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
          let outcome = await notifier.send(try notifier.compose(message), id: message.id, now: now)
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

/// Sends again what was not delivered.
package struct RetryDeliveries: Sendable {
  let database: DatabaseAccess
  let channels: Channels
  let world: World
  let log: ActLog

  /// What has become of deliveries that somebody wants to be sent again.
  package struct Outcome: Sendable {
    /// How many were made due.
    package let queued: Int
    /// How many dead letters were put away instead, since all that they tell was told as over.
    package let over: Int
    /// What became of the attempts; nil where others send.
    package fileprivate(set) var count: DeliveryCount?
  }

  /// Makes deliveries due again, whatever their channels have answered so far, and sends what is due. A dead letter of what its
  /// notifier has been told as over is put away: sent now, it would be the last word about it, and untrue.
  ///
  /// - Parameters:
  ///   - event: the deliveries of this event or message that are not delivered; nil takes every dead one.
  ///   - seen: of these the messages that somebody has seen as dead letters; nil for all.
  ///   - budget: for how long to send, in seconds; nil leaves that to others.
  package func callAsFunction(event: String?, seen: Set<MessageID>? = nil, budget: Double?) async throws -> Outcome {
    try await database.writing { store in
      var result = try await makeDue(event, seen, in: store)
      guard let budget else { return result }
      result.count = try await database.unlessRunning { try await channels.send(from: store, budget: budget) }
      return result
    }
  }

  private func makeDue(_ event: String?, _ seen: Set<MessageID>?, in store: any UsageStore) async throws -> Outcome {
    let now = world.now()
    return try await store.write { [upkeep = channels.outboxUpkeep, queue = channels.messageQueue] writer in
      let letters = try DeadLetters(in: writer, for: log.author)
      let chosen = try event.map { try letters.own(writer.deliveries(of: $0)) } ?? letters.all(seen, in: writer)
      let undelivered = chosen.filter { $0.status == .pending || $0.status == .dead }
      let over = try Self.over(undelivered, in: writer)
      let open = undelivered.filter { !over.contains($0) }
      let organizations = letters.organizations(of: undelivered)
      for var delivery in over {
        delivery.dismissal = Delivery.Dismissal(at: now, by: "quotawatch")
        try writer.update(delivery)
      }
      for delivery in open { try writer.update(delivery.restarted(at: now)) }
      for notifier in Set(open.map(\.notifier)) {
        try writer.save(ChannelHealth(), of: notifier)
      }
      _ = try upkeep.sort(writer, now: now)
      _ = try queue.fill(in: writer, now: now)
      if let event, undelivered.isEmpty {
        throw ServiceError(
          .usage, "no undelivered notification of an event \"\(event)\"; `quotawatch notify list` shows them")
      }
      try log.note(
        .resend,
        "made \(open.count.counted("message")) due again\(event.map { ": \($0)" } ?? DeadLetters.name(seen))"
          + (over.isEmpty ? "" : "; put \(over.count.counted("dead letter")) away of what was told as over"),
        of: organizations, objects: undelivered.map(\.message.rawValue), in: writer)
      return Outcome(queued: open.count, over: over.count)
    }
  }
}

extension RetryDeliveries {
  /// The dead letters of which all that they tell has ended, and that notifier was told so.
  private static func over(_ deliveries: [Delivery], in reader: any StoreReader) throws -> Set<Delivery> {
    let dead = deliveries.filter { $0.status == .dead }
    guard !dead.isEmpty else { return [] }
    let letters = try reader.deadLetters()
    return try Set(
      dead.filter { delivery in
        let letter = letters.first { $0.message == delivery.message && $0.notifier == delivery.notifier }
        guard let letter, !letter.events.isEmpty else { return false }
        return try letter.events.allSatisfy { event in
          try reader.endsTold(of: event.subject, to: letter.notifier).contains { $0.ends(event) }
        }
      })
  }
}

/// The dead letters that somebody may act on who may not act on all: they are about their organizations alone.
private struct DeadLetters {
  private struct Key: Hashable {
    let message: MessageID
    let notifier: NotifierID
  }

  private let letters: [Key: DeadLetter]
  private let seesAll: Bool

  init(in reader: any StoreReader, for author: Author) throws {
    let own = try reader.deadLetters().filter { letter in
      author.organizations == nil || letter.events.allSatisfy { author.mayAct(on: $0.organization) }
    }
    letters = Dictionary(own.map { (Key(message: $0.message, notifier: $0.notifier), $0) }) { first, _ in first }
    seesAll = author.organizations == nil
  }

  /// Those of some deliveries that they may act on.
  func own(_ deliveries: [Delivery]) -> [Delivery] { seesAll ? deliveries : deliveries.filter { letter($0) != nil } }

  /// All that nobody has dismissed.
  ///
  /// - Parameter seen: only these messages; nil for all.
  /// - Throws: that none of those is left.
  func all(_ seen: Set<MessageID>?, in reader: any StoreReader) throws -> [Delivery] {
    let found = try reader.deliveries([.dead]).filter { delivery in
      delivery.dismissal == nil && (seen?.contains(delivery.message) ?? true)
    }
    let own = own(found)
    if own.isEmpty, let seen {
      let what = seen.count == 1 ? "the dead letter is" : "the dead letters are"
      throw ServiceError(
        .usage, "\(what) not there any more: somebody has dealt with \(seen.count == 1 ? "it" : "them")")
    }
    return own
  }

  /// Whom messages are about; none if one of them is about all, or is no dead letter.
  func organizations(of deliveries: [Delivery]) -> [OrganizationID] {
    let events = deliveries.map { letter($0)?.events.map(\.organization) ?? [nil] }.flatMap { $0 }
    let known = events.compactMap { $0 }
    return known.count == events.count ? Set(known).sorted() : []
  }

  /// A single message's, for the log, where somebody has chosen what they have seen.
  static func name(_ seen: Set<MessageID>?) -> String {
    seen.flatMap { $0.count == 1 ? $0.first : nil }.map { ": \($0)" } ?? ""
  }

  private func letter(_ delivery: Delivery) -> DeadLetter? {
    letters[Key(message: delivery.message, notifier: delivery.notifier)]
  }
}

/// Puts dead letters away.
package struct DismissDeadLetters: Sendable {
  let database: DatabaseAccess
  let world: World
  let log: ActLog

  /// Says of dead letters that they need no more attention.
  ///
  /// - Parameters:
  ///   - ids: of messages, or of events that they were to tell; nil takes every dead letter.
  ///   - seen: of every dead letter the messages that somebody has seen; nil for all.
  ///   - by: who, as they are called on their machine.
  /// - Returns: how many were dismissed.
  package func callAsFunction(_ ids: [String]?, seen: Set<MessageID>? = nil, by: String) async throws -> Int {
    try checkLine(by, "--by")
    let dismissal = Delivery.Dismissal(at: world.now(), by: by)
    return try await database.writing { store in
      try await store.write { writer in
        let letters = try DeadLetters(in: writer, for: log.author)
        let chosen = Set(
          try ids.map { try $0.flatMap { try dead($0, letters, in: writer) } } ?? letters.all(seen, in: writer))
        for var delivery in chosen {
          delivery.dismissal = dismissal
          try writer.update(delivery)
        }
        let which = ids.map { ": \($0.joined(separator: ", "))" } ?? DeadLetters.name(seen)
        try log.note(
          .dismiss, "dismissed \(chosen.count.counted("dead letter"))\(which)",
          of: letters.organizations(of: Array(chosen)), objects: chosen.map(\.message.rawValue).sorted(), in: writer)
        return chosen.count
      }
    }
  }

  private func dead(_ id: String, _ letters: DeadLetters, in reader: any StoreReader) throws -> [Delivery] {
    let found = letters.own(try reader.deliveries(of: id)).filter { $0.status == .dead && $0.dismissal == nil }
    guard !found.isEmpty else {
      throw ServiceError(.usage, "no dead letter \"\(id)\"; `quotawatch notify list --dead` shows them")
    }
    return found
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
