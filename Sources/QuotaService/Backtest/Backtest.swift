import FoundationEssentials
import Notifiers
package import QuotaCore

extension Service {
  /// What `backtest` replays.
  package struct BacktestOptions: Sendable {
    package var from: BillingMonth
    /// Inclusive.
    package var to: BillingMonth
    /// Told how many organizations are done.
    package var progress: @Sendable (Int) -> Void = { _ in }

    package init(from: BillingMonth, to: BillingMonth) {
      self.from = from
      self.to = to
    }
  }

  /// Replays this configuration's rules over the stored readings, with the engine of `collect`. Writes and sends nothing.
  ///
  /// - Parameter history: the database; another configuration's may be rehearsed on it.
  package func backtest(_ options: BacktestOptions, on history: Service? = nil) async throws -> BacktestReport {
    let store = try (history ?? self).openForReading()
    let range = options.from.period(in: zone).lowerBound...options.to.period(in: zone).upperBound
    let organizations = configuration.organizations.map(\.organization)
    let rules = configuration.rules
    var events: [Event] = []
    var readings = 0
    for (done, organization) in organizations.enumerated() {
      let replayed = try await store.read { [zone] reader in
        try Self.replay(organization, rules, options, range, in: reader, zone: zone)
      }
      events += replayed.events
      readings += replayed.readings
      options.progress(done + 1)
    }
    events.sort { ($0.occurredAt, $0.id) < ($1.occurredAt, $1.id) }
    let runs = try await store.read { try $0.runEnds(in: range) }
    return BacktestReport(
      from: range.lowerBound, to: range.upperBound, organizations: organizations.count, readings: readings,
      messages: rehearsal.messages(of: events, at: Self.times(of: runs, events, until: range.upperBound)))
  }

  /// Both over the same readings.
  package func backtest(_ options: BacktestOptions, against other: Service) async throws -> BacktestComparison {
    BacktestComparison(try await backtest(options), try await other.backtest(options, on: self))
  }

  private static func replay(
    _ organization: Organization, _ rules: [Rule], _ options: BacktestOptions, _ range: ClosedRange<Date>,
    in reader: any StoreReader, zone: TimeZone
  ) throws -> (events: [Event], readings: Int) {
    // The month before, too: its alerts and its rhythm are known when the first month begins.
    let first = options.from.advanced(by: -1) ?? options.from
    let snapshots = try reader.snapshots(
      of: organization.id, seenIn: first.period(in: zone).lowerBound...range.upperBound)
    var quotas: [BillingMonth: Quota] = [:]
    for month in Set(snapshots.map(\.month)) { quotas[month] = organization.quotas[month] }
    var replay = Replay(organization, rules: rules, zone: zone)
    let events = replay.run(snapshots, quotas: quotas, from: range.lowerBound)
    return (events, replay.readings)
  }

  /// When messages were made: at the ends of the runs, and where runs are not on record with the events themselves.
  private static func times(of runs: [Date], _ events: [Event], until end: Date) -> [Date] {
    let recorded =
      runs.first.map { first in events.map(\.occurredAt).filter { $0 < first } } ?? events.map(\.occurredAt)
    return Set(recorded + runs + [end]).sorted()
  }

  private var rehearsal: Rehearsal {
    Rehearsal(
      routing: routing,
      organizations: Dictionary(
        uniqueKeysWithValues: configuration.organizations.map { ($0.organization.id, $0.organization) }),
      policies: Dictionary(uniqueKeysWithValues: configuration.notifiers.map { ($0.id, $0.configuration.policy) }),
      groups: Dictionary(uniqueKeysWithValues: notifiers.map { ($0.id, $0.groups) }), zone: zone)
  }
}
