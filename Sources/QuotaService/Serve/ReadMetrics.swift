import FoundationEssentials
package import QuotaCore

/// What is known, as metrics: usage, alerts, messages, and how the runs go.
///
/// All of it is read from the database, and so is the same from a server and from a job that cron starts.
package struct ReadMetrics: Sendable {
  let configuration: Configuration
  let database: DatabaseAccess
  let status: ReadStatus

  /// Of every organization and every notifier that is configured.
  package func callAsFunction() async throws -> [MetricFamily] {
    let rows = try await status([])
    let store = try database.openForReading()
    let alerting = try await store.read { [configuration] in
      try AlertingMetrics($0, configuration.notifiers.map(\.id))
    }
    return UsageMetrics(rows: rows, zone: configuration.billingTimeZone).families + alerting.families + [
      MetricFamily(
        "quotawatch_build", .info, "The program's version.",
        samples: [MetricSample(.init("version", Version.current), value: 1)])
    ]
  }
}
