import FoundationEssentials
package import QuotaCore

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
    /// How many of notifiers that are not configured any more were put away instead, since those are told who would hear of it
    /// today.
    package let passedOn: Int
    /// How many of such notifiers were left as they are, since nobody would.
    package let stranded: Int
    /// What became of the attempts; nil where others send.
    package fileprivate(set) var count: DeliveryCount?
  }

  /// Makes deliveries due again, whatever their channels have answered so far, and sends what is due. A dead letter of what its
  /// notifier has been told as over is put away: sent now, it would be the last word about it, and untrue. What a notifier was to
  /// send that is not configured any more is given to those who would hear of it today, and otherwise stays as it is.
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
    let configured = Set(channels.configuration.notifiers.map(\.id))
    return try await store.write { [upkeep = channels.outboxUpkeep, queue = channels.messageQueue] writer in
      let letters = try DeadLetters(in: writer, for: log.author)
      let chosen = try event.map { try letters.own(writer.deliveries(of: $0)) } ?? letters.all(seen, in: writer)
      let undelivered = chosen.filter { $0.status == .pending || $0.status == .dead }
      let over = try letters.over(undelivered, in: writer)
      let open = undelivered.filter { !over.contains($0) && configured.contains($0.notifier) }
      let left = undelivered.filter { $0.status == .dead && !over.contains($0) && !configured.contains($0.notifier) }
      let passedOn = try left.filter { try letters.isPassedOn($0, by: queue.departures, in: writer, now: now) }
      let stranded = left.count - passedOn.count
      let organizations = letters.organizations(of: undelivered)
      for var delivery in over.union(passedOn) {
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
          + (over.isEmpty ? "" : "; put \(over.count.counted("dead letter")) away of what was told as over")
          + (passedOn.isEmpty ? "" : "; passed \(passedOn.count.counted("dead letter")) on")
          + (stranded == 0
            ? "" : "; left \(stranded.counted("message")) of notifiers that are not configured any more"),
        of: organizations, objects: undelivered.map(\.message.rawValue), in: writer)
      return Outcome(queued: open.count, over: over.count, passedOn: passedOn.count, stranded: stranded)
    }
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

  /// Those of which all that they tell has ended, and their notifiers were told so.
  func over(_ deliveries: [Delivery], in reader: any StoreReader) throws -> Set<Delivery> {
    try Set(
      deliveries.filter { delivery in
        guard delivery.status == .dead, let letter = letter(delivery), !letter.events.isEmpty else { return false }
        return try letter.events.allSatisfy { event in
          try reader.endsTold(of: event.subject, to: letter.notifier).contains { $0.ends(event) }
        }
      })
  }

  /// Gives what a dead letter tells, if all of it still fires, to those who would hear of it today; whether all of it is told
  /// then.
  func isPassedOn(
    _ delivery: Delivery, by departures: Departures, in writer: any StoreWriter, now: Date
  ) throws -> Bool {
    guard let letter = letter(delivery), !letter.events.isEmpty else { return false }
    let firing = try writer.alertKeys([.firing])
    let isOpen = letter.events.allSatisfy { event in
      firing.contains { $0.subject == event.subject && ($0.level.map(event.crossed.contains) ?? true) }
    }
    guard isOpen else { return false }
    let told = try departures.passOn(letter.events, of: letter.notifier, in: writer, now: now)
    return letter.events.allSatisfy { told.contains($0.id) }
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
