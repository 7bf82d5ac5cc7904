import FoundationEssentials
import QuotaCore

extension CollectCycle {
  /// What a run would do: asks everybody, and then does all that a run does with the answers in one transaction, which is
  /// undone. Others wait for the judging and not for the vendor; nothing is sent.
  func dryRun() async throws -> CollectReport {
    let started = world.now()
    let elapsed = world.clock.stopwatch()
    let policy = setup.vendor.policy(requests: organizations.count)
    let (usages, requests) = try await ask(policy)
    let executions = try await self.executions.run(
      of: organizations, in: UndoneStore(store: store), deadline: policy.deadline - elapsed.seconds)
    let now = world.now()
    let tally = try await store.dryRun { writer in
      var tally = newTally(at: started)
      // What the run itself makes is sent by a run, and waits for nothing.
      let pending = try writer.pendingDeliveryCount()
      let run = try begin(at: started, in: writer)
      tally.add(usages, try commit.apply(usages, to: writer, now: now))
      tally.report.add(try end(run, tally, at: now, in: writer))
      tally.report.executions = executions
      tally.report.finish(
        run: 0, at: world.now(), requests: requests, DeliveryCount(), pending: pending, try writer.deadLetters())
      return tally
    }
    warnOfClock(tally.report)
    return tally.report
  }

  /// Everybody's usage, and how many requests that took.
  private func ask(_ policy: RequestPolicy) async throws -> ([OrganizationUsage], Int) {
    var usages: [OrganizationUsage] = []
    let requests = try await setup.vendor.usagePool(organizations).run(try await jobs(), policy: policy) { batch in
      usages += batch
      options.progress(usages.count)
    }
    return (usages, requests)
  }
}

/// A store in which each transaction is undone by itself.
private struct UndoneStore: UsageStore {
  let store: any UsageStore

  func read<Value: Sendable>(_ body: @Sendable @escaping (any StoreReader) throws -> Value) async throws -> Value {
    try await store.read(body)
  }

  func write<Value: Sendable>(_ body: @Sendable @escaping (any StoreWriter) throws -> Value) async throws -> Value {
    try await store.dryRun(body)
  }

  func dryRun<Value: Sendable>(_ body: @Sendable @escaping (any StoreWriter) throws -> Value) async throws -> Value {
    try await store.dryRun(body)
  }
}
