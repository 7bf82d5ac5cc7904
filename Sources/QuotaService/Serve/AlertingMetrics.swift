import FoundationEssentials
import QuotaCore

/// What fires, what waits, what was lost, and how the last run went, as metrics.
struct AlertingMetrics: Sendable {
  /// What a notifier has before it.
  private struct Backlog: Sendable {
    let id: NotifierID
    let pending: Int
    let oldest: Date?
    let dead: Int
    let isDisabled: Bool
  }

  private let backlogs: [Backlog]
  private let firing: [Severity: Int]
  private let lastRun: Run?
  private let isInDoubt: Bool

  init(_ reader: any StoreReader, _ notifiers: [NotifierID]) throws {
    let dead = Dictionary(grouping: try reader.deadLetters(), by: \.notifier)
    backlogs = try notifiers.map { notifier in
      let pending = try reader.pendingMessages(for: notifier)
      return Backlog(
        id: notifier, pending: pending.count, oldest: pending.flatMap(\.notices).map(\.since).min(),
        dead: dead[notifier]?.count ?? 0, isDisabled: try reader.health(of: notifier).disabled != nil)
    }
    firing = Dictionary(grouping: try reader.alerts([.firing]), by: \.severity).mapValues(\.count)
    lastRun = try reader.lastRun()
    isInDoubt = try reader.openBreakerTrip() != nil
  }

  var families: [MetricFamily] {
    [
      MetricFamily(
        "quotawatch_alerts_firing", .gauge, "How many alerts fire.",
        samples: Severity.allCases.map { severity in
          MetricSample(.init("severity", severity.rawValue), value: Double(firing[severity] ?? 0))
        }),
      single(
        "quotawatch_figures_in_doubt", "1 while the vendor's figures as a whole are in doubt, otherwise 0.", isInDoubt),
      byNotifier("quotawatch_messages_pending", nil, "How many messages wait to be delivered.") { Double($0.pending) },
      byNotifier(
        "quotawatch_oldest_pending_timestamp", "seconds", "Since when the oldest news has waited that is in a message."
      ) { $0.oldest?.timeIntervalSince1970 },
      byNotifier("quotawatch_dead_letters", nil, "How many messages were given up and not dismissed.") {
        Double($0.dead)
      },
      byNotifier("quotawatch_notifier_disabled", nil, "1 if the channel takes nothing any more, otherwise 0.") {
        $0.isDisabled ? 1 : 0
      },
    ] + (lastRun.map(families) ?? [])
  }

  private func families(of run: Run) -> [MetricFamily] {
    [
      single(
        "quotawatch_last_run_timestamp", unit: "seconds", "When the last run ended.", run.endedAt.timeIntervalSince1970),
      single(
        "quotawatch_last_run_duration", unit: "seconds", "How long the last run took.",
        run.endedAt.timeIntervalSince(run.startedAt)),
      MetricFamily(
        "quotawatch_last_run_organizations", .gauge, "How many organizations the last run read, and could not read.",
        samples: [("read", run.summary.read), ("failed", run.summary.failed)].map { outcome, count in
          MetricSample(.init("outcome", outcome), value: Double(count))
        }),
    ]
  }

  private func single(_ name: String, unit: String? = nil, _ help: String, _ value: Double) -> MetricFamily {
    MetricFamily(name, .gauge, unit: unit, help, samples: [MetricSample(value: value)])
  }

  private func single(_ name: String, _ help: String, _ flag: Bool) -> MetricFamily { single(name, help, flag ? 1 : 0) }

  private func byNotifier(
    _ name: String, _ unit: String?, _ help: String, _ value: (Backlog) -> Double?
  ) -> MetricFamily {
    MetricFamily(
      name, .gauge, unit: unit, help,
      samples: backlogs.compactMap { backlog in
        value(backlog).map { MetricSample(.init("notifier", backlog.id.rawValue), value: $0) }
      })
  }
}
