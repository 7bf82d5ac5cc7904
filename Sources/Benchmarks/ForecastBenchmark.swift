import FoundationEssentials
import QuotaCore

/// Replays daily series through the product's own parts, reading by reading, and prints what it expected and told each
/// day, for `scripts/bench-forecast.py` to score.
///
/// A line of the input is `name<TAB>first day<TAB>polling<TAB>use of each day, with spaces`. The polling is `daily` (four
/// readings a day), `weekdays` (a reading at 06:00 on each working day), `fresh` (as `daily`, of the last month only) or
/// `backfilled` (the same, with the months before it filled in). A line of the output is one of
///
/// - `F`, name, month, day, days of the month, total, used, expected, low, high
/// - `P`, name, month, day, quota, total, probability
/// - `A`, name, month, quota, total, the first day of firing (0 for none), the day of passing (0 for none), firings
struct ForecastBenchmark {
  private static let quotaFactors = [0.85, 0.95, 1.05, 1.2]
  private static let readingsPerDay = 4
  /// The days after which a probability is printed.
  private static let probedDays = [3, 5, 10, 15, 20, 25]

  private let name: String
  private let firstDay: Int
  private let polling: String
  private let use: [Int64]

  /// Nil for a line of another form.
  init?(line: String) {
    let fields = line.split(separator: "\t")
    guard fields.count == 4, let date = try? Date("\(fields[1])T00:00:00Z", strategy: .iso8601) else { return nil }
    (name, polling) = (String(fields[0]), String(fields[2]))
    firstDay = Int(date.timeIntervalSince1970 / 86_400)
    use = fields[3].split(separator: " ").compactMap { Int64($0) }
  }

  static func run() {
    while let line = readLine() { ForecastBenchmark(line: line)?.replay() }
  }

  /// A whole month of the series.
  private struct Month {
    let month: BillingMonth
    let period: Range<Date>
    /// Of the series, counted from 0.
    let days: Range<Int>
    let total: Int64
  }

  private var months: [Month] {
    guard
      let first = BillingMonth(
        containing: Date(timeIntervalSince1970: TimeInterval(firstDay) * 86_400), in: .gmt)
    else { return [] }
    return (0..<36).compactMap { number in
      guard let month = first.advanced(by: number) else { return nil }
      let start = month.firstDay - firstDay
      guard start >= 0, start + month.dayCount <= use.count else { return nil }
      let days = start..<start + month.dayCount
      return Month(month: month, period: month.period(in: .gmt), days: days, total: use[days].reduce(0, +))
    }
  }

  private func replay() {
    let months = self.months
    let totals = months.map(\.total).filter { $0 > 0 }.sorted()
    guard !totals.isEmpty else { return }
    let usual = Double(totals[(totals.count - 1) / 2] + totals[totals.count / 2]) / 2
    var watchers = Self.quotaFactors.map { Watcher(quota: max(1, Int64((usual * $0).rounded()))) }
    var organization = ReplayedOrganization(name)
    for (index, month) in months.enumerated() {
      let monthBefore = index > 0 ? months[index - 1] : nil
      if ["fresh", "backfilled"].contains(polling), index < months.count - 1 { continue }
      if polling == "backfilled" {
        for past in months.dropLast() {
          organization.read(past.total, past.month, past.period, at: month.period.lowerBound + .seconds(1))
        }
      }
      replay(month, after: monthBefore, &organization, &watchers)
    }
  }

  /// With the first reading of a month the one before is read for the last time.
  private func replay(
    _ month: Month, after monthBefore: Month?, _ organization: inout ReplayedOrganization, _ watchers: inout [Watcher]
  ) {
    for index in watchers.indices { watchers[index].begin() }
    var (used, unread) = (Int64(0), polling == "fresh" || polling == "backfilled" ? nil : monthBefore)
    if polling != "weekdays" {
      organization.read(0, month.month, month.period, at: month.period.lowerBound + .seconds(1))
    }
    for day in month.days.indices {
      let amount = use[day]
      let number = day - month.days.lowerBound + 1
      let start = month.period.lowerBound + .days(Int64(number - 1))
      let isWorkday = (firstDay + day + 3) % 7 < 5
      for part in 1...Self.readingsPerDay {
        let time = min(start + .hours(Int64(24 / Self.readingsPerDay * part)), month.period.upperBound - .seconds(1))
        let count = used + amount * Int64(part) / Int64(Self.readingsPerDay)
        if polling == "weekdays", !(isWorkday && part == 1) { continue }
        organization.read(count, month.month, month.period, at: time)
        if let past = unread { organization.read(past.total, past.month, past.period, at: time) }
        unread = nil
        for index in watchers.indices {
          watchers[index].judge(organization, month.month, month.period, day: number)
        }
      }
      used += amount
      report(month, number, used, organization, watchers)
    }
    for watcher in watchers {
      print(
        "A", name, month.month, watcher.quota, month.total, watcher.firstFiring ?? 0, watcher.passing ?? 0,
        watcher.firings, separator: "\t")
    }
  }

  private func report(
    _ month: Month, _ day: Int, _ used: Int64, _ organization: ReplayedOrganization, _ watchers: [Watcher]
  ) {
    guard let forecast = organization.forecast(month.month, month.period) else { return }
    print(
      "F", name, month.month, day, month.month.dayCount, month.total, used, forecast.projected,
      forecast.range.lowerBound, forecast.range.upperBound, separator: "\t")
    guard Self.probedDays.contains(day) else { return }
    for watcher in watchers where used < watcher.quota {
      print(
        "P", name, month.month, day, watcher.quota, month.total, forecast.probability(ofReaching: watcher.quota),
        separator: "\t")
    }
  }
}

/// One organization that is read again and again.
private struct ReplayedOrganization {
  let id: OrganizationID
  private(set) var profile = UsageProfile()
  private(set) var latest: [BillingMonth: Snapshot] = [:]
  private(set) var before: Snapshot?
  private var zone = ZoneOffsets(.gmt)

  init(_ name: String) {
    id = OrganizationID(name)
  }

  mutating func read(_ pages: Int64, _ month: BillingMonth, _ period: Range<Date>, at time: Date) {
    let counters = Counters(pages: pages, conversions: 0)
    before = latest[month]
    let isSame = before?.counters == counters
    let snapshot = Snapshot(
      id: isSame ? before?.id ?? 1 : (before?.id ?? 0) + 1, organization: id, month: month, counters: counters,
      firstSeenAt: isSame ? before?.firstSeenAt ?? time : time, lastSeenAt: time)
    profile.record(before: before, after: snapshot, observedAt: time, period: period, zone: &zone)
    latest[month] = snapshot
  }

  func forecast(_ month: BillingMonth, _ period: Range<Date>) -> Forecast? {
    latest[month].flatMap {
      Forecast(
        of: .pages, used: $0.counters.pages, at: $0.lastSeenAt, month: month, period: period, profile: profile)
    }
  }

  func input(_ month: BillingMonth, _ period: Range<Date>, quota: Int64) -> RuleInput? {
    guard let snapshot = latest[month] else { return nil }
    return RuleInput(
      organization: Organization(id: id), now: snapshot.lastSeenAt,
      months: [ObservedMonth(snapshot: snapshot, before: before, quota: Quota(pages: quota), period: period)],
      history: PollHistory(firstAttemptAt: snapshot.lastSeenAt - .days(400), lastSuccessAt: snapshot.lastSeenAt),
      profile: profile)
  }
}

/// What the rule tells of one quota.
private struct Watcher {
  let quota: Int64
  private var alerts: [Alert] = []
  private(set) var firstFiring: Int?
  private(set) var passing: Int?
  private(set) var firings = 0

  private static let rules = configuredRules(#"{"id": "ahead", "type": "forecast", "metric": "pages"}"#)

  init(quota: Int64) {
    self.quota = quota
  }

  mutating func begin() {
    (alerts, firstFiring, passing, firings) = ([], nil, nil, 0)
  }

  mutating func judge(_ organization: ReplayedOrganization, _ month: BillingMonth, _ period: Range<Date>, day: Int) {
    guard passing == nil, let input = organization.input(month, period, quota: quota) else { return }
    if input.months[0].snapshot.counters.pages >= quota {
      passing = day
      return
    }
    let step = AlertLifecycle.step(Self.rules, on: input, alerts: alerts)
    for alert in step.changed {
      alerts.removeAll { $0.key == alert.key }
      alerts.append(alert)
    }
    alerts.removeAll { alert in step.forgotten.contains(alert.key) }
    let fired = step.events.count { $0.transition == .firing }
    firings += fired
    if fired > 0, firstFiring == nil { firstFiring = day }
  }
}
