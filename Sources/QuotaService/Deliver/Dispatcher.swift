import FoundationEssentials
import Logging
import QuotaCore

/// Empties the outbox: every notifier has a lane of its own, so that a slow or dead channel does not hold up the others.
struct Dispatcher: Sendable {
  let notifiers: [any Notifier]
  let upkeep: OutboxUpkeep
  let fingerprint: ChannelFingerprint
  let store: any UsageStore
  let clock: any Clock<Duration>
  let deadline: @Sendable (_ seconds: Double) async throws -> Void
  let now: @Sendable () -> Date
  let random: @Sendable () -> Double
  let logger: Logger

  /// The shortest budget, in seconds, so that what the work has queued last is tried once.
  private static let leastBudget = 1.0

  /// What has ended.
  private enum Ending {
    /// `round` is how many times something had been passed on when the lane began.
    case lane(DeliveryLane, round: Int)
    case budget
  }

  /// Sends what is due while some work goes on, and afterwards what becomes due within the budget. An attempt that is
  /// under way when the budget is spent is broken off.
  ///
  /// - Parameters:
  ///   - budget: seconds after the end of the work, for everything; at least one.
  ///   - work: gets a bell to ring whenever it has queued something.
  func run<Value>(
    budget: Double, during work: (_ ring: @escaping @Sendable () -> Void) async throws -> Value
  ) async throws -> (value: Value, count: DeliveryCount) {
    let budget = max(budget, Self.leastBudget)
    let elapsed = clock.stopwatch()
    let changed = try await changedChannels()
    let abandoned = try await store.write { [upkeep, now] writer in
      for notifier in changed { try writer.save(ChannelHealth(), of: notifier) }
      let dead = try upkeep.sort(writer, now: now())
      _ = try upkeep.relay(writer, now: now())
      return dead
    }
    let bells = notifiers.map { _ in AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1)) }
    let result: (value: Value, end: Double, lanes: [DeliveryLane]) = try await withThrowingTaskGroup(
      of: Ending.self
    ) { group in
      for (notifier, bell) in zip(notifiers, bells) {
        group.addTask {
          var lane = DeliveryLane(notifier: notifier, by: self, elapsed: elapsed)
          try await lane.run(rings: bell.stream, budget: budget)
          return .lane(lane, round: 0)
        }
      }
      defer { for bell in bells { bell.continuation.finish() } }
      let ring: @Sendable () -> Void = { for bell in bells { bell.continuation.yield() } }
      ring()
      let value = try await work(ring)
      for bell in bells { bell.continuation.finish() }
      let end = elapsed.seconds + budget
      group.addTask { [deadline] in
        try? await deadline(budget)
        return .budget
      }
      return (value, end, try await lanes(notifiers.count, in: &group))
    }
    // A lane that was cancelled has recorded its attempt and ended.
    try Task.checkCancellation()
    let count = try await finish(result.lanes, until: result.end, elapsed)
    return (result.value, DeliveryCount(dead: abandoned) + count)
  }

  /// Waits for the lanes, and ends them when the budget is spent. What takes the place of messages that one of them has given
  /// up is sent at once, however long the others take.
  private func lanes(
    _ count: Int, in group: inout ThrowingTaskGroup<Ending, any Error>
  ) async throws -> [DeliveryLane] {
    var (round, isOver) = (0, false)
    var ended: [(lane: DeliveryLane, round: Int)] = []
    while ended.count < count, let ending = try await group.next() {
      guard case .lane(let lane, let begun) = ending else {
        isOver = true
        group.cancelAll()
        continue
      }
      ended.append((lane, begun))
      guard !isOver else { continue }
      if try await passOn() > 0 { round += 1 }
      // A lane that began before may have looked for the last time before this was queued.
      for (lane, begun) in ended where begun < round {
        group.addTask { [round] in try await Self.resumed(lane, in: round) }
      }
      ended.removeAll { $0.round < round }
    }
    group.cancelAll()
    return ended.map(\.lane)
  }

  private static func resumed(_ lane: DeliveryLane, in round: Int) async throws -> Ending {
    var lane = lane
    try await lane.resume()
    return .lane(lane, round: round)
  }

  /// Queues what takes the place of messages that were given up; how many.
  private func passOn() async throws -> Int {
    try await store.write { [upkeep, now] writer in try upkeep.relay(writer, now: now()) }
  }

  /// Sends what takes the place of messages that the end of the budget has given up, as long as there is any.
  ///
  /// - Parameter end: when the budget is spent; what is queued has a least time of its own.
  private func finish(_ lanes: [DeliveryLane], until end: Double, _ elapsed: Stopwatch) async throws -> DeliveryCount {
    var (lanes, count) = (lanes, DeliveryCount())
    while true {
      let (dead, queued) = try await store.write { [upkeep, now] writer in
        (try upkeep.sort(writer, now: now()), try upkeep.relay(writer, now: now()))
      }
      count.dead += dead
      guard queued > 0, !lanes.isEmpty else { break }
      let rest = max(end - elapsed.seconds, Self.leastBudget)
      lanes = try await withThrowingTaskGroup(of: Ending.self) { [lanes] group in
        for lane in lanes { group.addTask { try await Self.resumed(lane, in: 0) } }
        group.addTask { [deadline] in
          try? await deadline(rest)
          return .budget
        }
        return try await self.lanes(lanes.count, in: &group)
      }
      try Task.checkCancellation()
    }
    return lanes.map(\.count).reduce(count, +)
  }

  /// The channels that rest or are disabled, and whose configuration is not the one that was told so.
  private func changedChannels() async throws -> [NotifierID] {
    let ids = notifiers.map(\.id)
    let (installation, known) = try await store.read { reader in
      (try reader.installation(), try ids.compactMap { id in try reader.health(of: id).configuration.map { (id, $0) } })
    }
    var changed: [NotifierID] = []
    for (id, known) in known {
      if let present = await fingerprint.of(id, in: installation), present != known {
        changed.append(id)
      }
    }
    return changed
  }
}

extension Channels {
  /// Sends what is due.
  ///
  /// - Parameter budget: in seconds, for everything.
  func send(from store: any UsageStore, budget: Double) async throws -> DeliveryCount {
    try await dispatcher(store).run(budget: budget) { _ in }.count
  }

  /// A dispatcher for the configured notifiers.
  func dispatcher(_ store: any UsageStore) -> Dispatcher {
    Dispatcher(
      notifiers: notifiers, upkeep: outboxUpkeep, fingerprint: channelFingerprint, store: store, clock: world.clock,
      deadline: world.deadline, now: world.now, random: world.random, logger: world.logger)
  }
}
