import FoundationEssentials
import QuotaCore

/// Measures what it costs to judge many organizations by a usual set of rules, once each is known for a while.
///
/// As in a collect run, every organization has been read once more; most have nothing to tell, and some have alerts from
/// before. The usage profiles are those of 500 different organizations, hourly read, so that they do not all lie in the
/// processor's caches.
struct JudgingBenchmark {
  private let weeks: Int
  private let month: BillingMonth
  private let period: Range<Date>
  private let zone = TimeZone.gmt
  private var samples: [BenchmarkOrganization]

  private static let sampleCount = 500
  private static let batch = 1_000
  private static let hourShares: [Double] = (0..<24).map { (8..<18).contains($0) ? 0.1 : 0 }

  private static let rules = configuredRules(
    """
    {"id": "pages-quota", "type": "threshold", "metric": "pages", "percent": [50, 80, 100]},
    {"id": "conversions-quota", "type": "threshold", "metric": "conversions", "percent": [80, 100]},
    {"id": "pages-forecast", "type": "forecast", "metric": "pages"},
    {"id": "pages-spike", "type": "spike", "metric": "pages", "baseline": "28d"},
    {"id": "no-documents", "type": "idle", "after": "6h"},
    {"id": "silent", "type": "stale", "after": "6h"}
    """)

  /// - Parameter weeks: the length of the history, up to noon of Wednesday, 18 November 2026.
  init?(weeks: Int) {
    let end = Date(timeIntervalSince1970: 1_795_003_200)
    guard let month = BillingMonth(containing: end, in: zone) else { return nil }
    (self.weeks, self.month) = (weeks, month)
    period = month.period(in: zone)
    samples = (0..<Self.sampleCount).map(BenchmarkOrganization.init)
    watch(upTo: end)
  }

  private mutating func watch(upTo end: Date) {
    var offsets = ZoneOffsets(zone)
    var (month, period) = (self.month, self.period)
    for hour in -weeks * 168...0 {
      let time = end + .hours(Int64(hour))
      if !period.contains(time) {
        month = BillingMonth(containing: time, in: zone) ?? month
        period = month.period(in: zone)
      }
      let local = Int(time.timeIntervalSince1970) / 3_600 + 1
      for index in samples.indices {
        if local % 24 == 0 { samples[index].begin(weekday: (local / 24 + 3) % 7) }
        samples[index].use(Self.hourShares[local % 24])
        samples[index].read(at: time, of: month, period, &offsets)
      }
    }
  }

  /// Judges so many organizations several times, and prints the median of the processor's time.
  func run(organizations count: Int, rounds: Int) {
    var known: [[Alert]] = Array(repeating: [], count: count)
    // The first two readings tell what there is to tell.
    for _ in 0..<2 { _ = judge(&known) }
    let results = (0..<rounds).map { _ in judge(&known) }
    let seconds = results.map(\.seconds).sorted()[rounds / 2]
    let alerts = known.reduce(0) { $0 + $1.count }
    let decoding = decodingSeconds(count)
    let sizes = samples.map(\.profile.bytes.count)
    print(
      "  \(weeks) weeks of history: \(decimal(seconds, 2)) s CPU, with \(alerts) alerts known and "
        + "\(results.map(\.events).max() ?? 0) events; reading the profiles takes \(decimal(decoding, 2)) s, "
        + "of \(sizes.reduce(0, +) / sizes.count) bytes each, \(sizes.max() ?? 0) at most")
  }

  /// Forecasts so many organizations several times, and prints the median of the processor's time.
  func forecast(organizations count: Int, rounds: Int) {
    let quotas = (0..<count).map { quota(of: samples[$0 % samples.count], $0) }
    let results = samples.compactMap(ForecastCase.init).withUnsafeBufferPointer { cases in
      (0..<rounds).map { _ in
        let start = processorSeconds()
        var sum = 0.0
        for (index, quota) in quotas.enumerated() {
          sum += cases[index % cases.count].probability(of: month, period, reaching: quota)
        }
        return (seconds: processorSeconds() - start, sum: sum)
      }
    }
    let seconds = results.map(\.seconds).sorted()[rounds / 2]
    print(
      "  \(decimal(seconds, 3)) s CPU; \(decimal(results[0].sum / Double(2 * count) * 100, 0)) % of the quotas are passed"
    )
  }

  private func judge(_ known: inout [[Alert]]) -> (seconds: Double, events: Int) {
    var (seconds, events) = (0.0, 0)
    for first in stride(from: 0, to: known.count, by: Self.batch) {
      let range = first..<min(first + Self.batch, known.count)
      let inputs = range.map { input($0) }
      let start = processorSeconds()
      let outcomes = zip(range, inputs).map { AlertLifecycle.step(Self.rules, on: $1, alerts: known[$0]) }
      seconds += processorSeconds() - start
      for (index, outcome) in zip(range, outcomes) {
        events += outcome.events.count
        let keys = outcome.changed.map(\.key) + outcome.forgotten
        known[index].removeAll { keys.contains($0.key) }
        known[index] += outcome.changed
      }
    }
    return (seconds, events)
  }

  private func input(_ index: Int) -> RuleInput {
    let sample = samples[index % samples.count]
    let now = sample.latest?.lastSeenAt ?? period.lowerBound
    let quotas = quota(of: sample, index)
    let months = sample.latest.map {
      [ObservedMonth(snapshot: $0, before: sample.before, quota: quotas, period: period)]
    }
    return RuleInput(
      organization: Organization(id: sample.id), now: now, months: months ?? [],
      history: PollHistory(firstAttemptAt: now - .days(400), lastSuccessAt: now), zone: zone,
      profile: sample.profile)
  }

  /// From customers who use little of their quota to those who are past it.
  private func quota(of sample: BenchmarkOrganization, _ index: Int) -> Quota {
    let pages = Int64(sample.level * (18 + Double(index % 31)))
    return Quota(pages: pages, conversions: pages / 3)
  }

  private func decodingSeconds(_ count: Int) -> Double {
    let stored = samples.map(\.profile.bytes)
    let start = processorSeconds()
    var readable = 0
    for index in 0..<count where UsageProfile(bytes: stored[index % stored.count]) != nil { readable += 1 }
    let seconds = processorSeconds() - start
    return readable == count ? seconds : .infinity
  }
}
