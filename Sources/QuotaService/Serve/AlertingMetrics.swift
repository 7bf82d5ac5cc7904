import FoundationEssentials
import QuotaCore

/// What fires, what waits, what was lost, and how the last run went, as metrics.
struct AlertingMetrics: Sendable {
  /// The notifiers, what each one has before it, and whether its channel is disabled.
  private let backlogs: [(notifier: NotifierID, backlog: Backlog, isDisabled: Bool)]
  private let firing: [Severity: Int]
  private let lastRun: Run?
  private let isInDoubt: Bool

  init(_ reader: any StoreReader, _ notifiers: [NotifierID]) throws {
    backlogs = try notifiers.map {
      ($0, try reader.backlog(of: $0), try reader.health(of: $0).disabled != nil)
    }
    firing = try reader.firingCounts()
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
      byNotifier("quotawatch_messages_pending", nil, "How many messages wait to be delivered.") { backlog, _ in
        Double(backlog.pending)
      },
      byNotifier(
        "quotawatch_oldest_pending_timestamp", "seconds", "Since when the oldest news has waited that is in a message."
      ) { backlog, _ in backlog.oldest?.timeIntervalSince1970 },
      byNotifier("quotawatch_dead_letters", nil, "How many messages were given up and not dismissed.") { backlog, _ in
        Double(backlog.dead)
      },
      byNotifier("quotawatch_notifier_disabled", nil, "1 if the channel takes nothing any more, otherwise 0.") {
        _, isDisabled in
        isDisabled ? 1 : 0
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
    _ name: String, _ unit: String?, _ help: String, _ value: (Backlog, Bool) -> Double?
  ) -> MetricFamily {
    MetricFamily(
      name, .gauge, unit: unit, help,
      samples: backlogs.compactMap { notifier, backlog, isDisabled in
        value(backlog, isDisabled).map { MetricSample(.init("notifier", notifier.rawValue), value: $0) }
      })
  }
}
