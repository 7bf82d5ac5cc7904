import FoundationEssentials
import Notifiers
package import QuotaCore

/// Replays rules on what is stored.
package struct Backtest: Sendable {
  let configuration: Configuration
  let database: DatabaseAccess
  let channels: Channels

  private var zone: TimeZone { configuration.billingTimeZone }

  /// What `backtest` replays.
  package struct Options: Sendable {
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
  package func callAsFunction(_ options: Options, on history: DatabaseAccess? = nil) async throws -> BacktestReport {
    let store = try (history ?? database).openForReading()
    let range = options.from.period(in: zone).lowerBound...options.to.period(in: zone).upperBound
    let organizations = configuration.organizations.map(\.organization)
    let rules = configuration.rules
    var events: [Event] = []
    var readings = 0
    // While one organization's readings are judged, the next one's are read.
    try await withThrowingTaskGroup(of: Replayed.self) { [zone] group in
      var waiting = organizations.makeIterator()
      func addNext() {
        guard let organization = waiting.next() else { return }
        group.addTask { try await Self.replay(organization, rules, options, range, in: store, zone: zone) }
      }
      for _ in 0..<Self.width { addNext() }
      var done = 0
      while let replayed = try await group.next() {
        addNext()
        events += replayed.events
        readings += replayed.readings
        done += 1
        options.progress(done)
      }
    }
    events.sort { ($0.occurredAt, $0.id) < ($1.occurredAt, $1.id) }
    let runs = try await store.read { try $0.runEnds(in: range) }
    return BacktestReport(
      from: range.lowerBound, to: range.upperBound, organizations: organizations.count, readings: readings,
      messages: rehearsal.messages(of: events, at: Self.times(of: runs, events, until: range.upperBound)))
  }

  /// Both over the same readings.
  package func callAsFunction(_ options: Options, against other: Setup) async throws -> BacktestComparison {
    BacktestComparison(try await self(options), try await other.backtest(options, on: database))
  }

  /// How many organizations are replayed at once. More would only hold more readings in memory.
  private static let width = min(max(ProcessInfo.processInfo.activeProcessorCount, 1), 8) + 1

  /// What came of one organization's readings.
  private struct Replayed: Sendable {
    let events: [Event]
    let readings: Int
  }

  private static func replay(
    _ organization: Organization, _ rules: [Rule], _ options: Options, _ range: ClosedRange<Date>,
    in store: any UsageStore, zone: TimeZone
  ) async throws -> Replayed {
    try Task.checkCancellation()
    // The month before is judged, too, so that its alerts are known when the first month begins; what was used in those
    // before that tells what is usual.
    let first = options.from.advanced(by: -1) ?? options.from
    let judged = first.period(in: zone).lowerBound
    let seen = judged - UsageProfile.memory...range.upperBound
    let snapshots = try await store.read { try $0.snapshots(of: organization.id, seenIn: seen) }.inOrderOfTime
    var quotas: [BillingMonth: Quota] = [:]
    var month: BillingMonth?
    for snapshot in snapshots where snapshot.month != month {
      month = snapshot.month
      quotas[snapshot.month] = organization.quotas[snapshot.month]
    }
    var replay = Replay(organization, rules: rules, zone: zone)
    let events = replay.run(snapshots, quotas: quotas, judging: judged, from: range.lowerBound)
    return Replayed(events: events, readings: replay.readings)
  }

  /// When messages were made: at the ends of the runs, and where runs are not on record with the events themselves.
  private static func times(of runs: [Date], _ events: [Event], until end: Date) -> [Date] {
    let recorded =
      runs.first.map { first in events.map(\.occurredAt).filter { $0 < first } } ?? events.map(\.occurredAt)
    return Set(recorded + runs + [end]).sorted()
  }

  private var rehearsal: Rehearsal {
    Rehearsal(
      routing: channels.routing,
      organizations: Dictionary(
        uniqueKeysWithValues: configuration.organizations.map { ($0.organization.id, $0.organization) }),
      policies: Dictionary(uniqueKeysWithValues: configuration.notifiers.map { ($0.id, $0.configuration.policy) }),
      groups: Dictionary(uniqueKeysWithValues: channels.notifiers.map { ($0.id, $0.groups) }), zone: zone)
  }
}
