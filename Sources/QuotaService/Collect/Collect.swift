import FoundationEssentials
import QuotaCore

extension Service {
  /// How `collect` is to be run.
  package struct CollectOptions: Sendable {
    /// Only these organizations; all if empty.
    package var only: [String] = []
    /// Polls and judges, writes and sends nothing.
    package var dryRun = false
    /// Whether the report lists every organization, not only those that could not be read.
    package var listsOrganizations = false
    /// For how long to send messages after everybody was read, retries included, in seconds; at least 1.
    package var deliveryBudget = 30.0
    /// Told how many organizations are done.
    package var progress: @Sendable (Int) -> Void = { _ in }

    package init() {}
  }

  /// Runs one cycle: poll, store, judge, queue, deliver.
  package func collect(_ options: CollectOptions) async throws -> CollectReport {
    let organizations = try organizations(options.only)
    guard !options.dryRun else { return try await collect(organizations, options, in: try dryRunStore()) }
    return try await withHeartbeat { begin in
      try await running { store in
        begin()
        return try await collect(organizations, options, in: store)
      }
    }
  }

  private func collect(
    _ organizations: [ConfiguredOrganization], _ options: CollectOptions, in store: any UsageStore
  ) async throws -> CollectReport {
    try await CollectCycle(
      service: onTime(for: store), organizations: organizations, options: options, store: store
    ).run()
  }

  /// A store that answers as if it had written; without a database yet it knows nothing.
  func dryRunStore() throws -> DryRunStore {
    FileManager.default.fileExists(atPath: configuration.databasePath)
      ? DryRunStore(base: try openForReading()) : DryRunStore(base: nil)
  }
}
