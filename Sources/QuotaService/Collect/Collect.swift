import FoundationEssentials
import QuotaCore

/// Runs one collect cycle.
package struct CollectUsage: Sendable {
  let setup: Setup

  /// How `collect` is to be run.
  package struct Options: Sendable {
    /// Only these organizations; all if empty.
    package var only: [String] = []
    /// Polls and judges, writes and sends nothing.
    package var dryRun = false
    /// Whether the report lists every organization, not only those that could not be read.
    package var listsOrganizations = false
    /// Whether it warns only of what the run before had no reason to warn of.
    package var tellsOnlyNews = false
    /// For how long to send messages after everybody was read, retries included, in seconds; at least 1.
    package var deliveryBudget = 30.0
    /// Told how many organizations are done.
    package var progress: @Sendable (Int) -> Void = { _ in }

    package init() {}
  }

  /// Runs one cycle: poll, store, judge, queue, deliver.
  package func callAsFunction(_ options: Options) async throws -> CollectReport {
    let organizations = try setup.configuration.organizations(options.only)
    guard !options.dryRun else {
      return try await setup.database.dryRunning { try await cycle(organizations, options, in: $0).dryRun() }
    }
    return try await withHeartbeat { begin in
      try await setup.database.running { store in
        begin()
        return try await cycle(organizations, options, in: store).run()
      }
    }
  }

  private func cycle(
    _ organizations: [ConfiguredOrganization], _ options: Options, in store: any UsageStore
  ) async throws -> CollectCycle {
    CollectCycle(
      setup: try await setup.onTime(for: store), organizations: organizations, options: options, store: store)
  }
}
