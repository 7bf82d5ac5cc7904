import FoundationEssentials
import QuotaCore

/// Compares what a month is expected to come to, by the usage profile and by an even pace, with what it comes to.
struct ForecastBenchmark {
  private var organizations: [BenchmarkOrganization]
  private static let days = [5, 10, 15, 20, 25]
  /// The first two months are only watched.
  private static let months = (1...12).compactMap { BillingMonth(year: 2026, month: $0) }
  private static let watched = 2
  private static let readingsPerDay = 4

  /// What was expected of one month after so many days.
  private struct Expectation {
    let day: Int
    let organization: Int
    let profiled: Forecast
    let even: Forecast
  }

  private struct Errors {
    var (profiled, even, within, count) = (0.0, 0.0, 0, 0)
  }

  init(organizations count: Int) {
    organizations = (0..<count).map(BenchmarkOrganization.init)
  }

  mutating func run() {
    var errors: [[Int: Errors]] = Array(repeating: [:], count: BenchmarkOrganization.Week.allCases.count)
    var zone = ZoneOffsets(.gmt)
    for (index, month) in Self.months.enumerated() {
      let expectations = expectations(of: month, &zone)
      guard index >= Self.watched else { continue }
      for expectation in expectations {
        let organization = organizations[expectation.organization]
        guard let total = organization.latest?.counters.pages, total > 0 else { continue }
        let kind = expectation.organization % errors.count
        var sum = errors[kind][expectation.day] ?? Errors()
        sum.profiled += abs(Double(expectation.profiled.projected - total)) / Double(total)
        sum.even += abs(Double(expectation.even.projected - total)) / Double(total)
        if expectation.profiled.range?.contains(total) ?? false { sum.within += 1 }
        sum.count += 1
        errors[kind][expectation.day] = sum
      }
    }
    report(errors)
  }

  /// Goes through a month. Its last reading falls a moment before its end.
  private mutating func expectations(of month: BillingMonth, _ zone: inout ZoneOffsets) -> [Expectation] {
    let period = month.period(in: .gmt)
    var expectations: [Expectation] = []
    for index in organizations.indices { organizations[index].read(at: period.lowerBound, of: month, period, &zone) }
    for day in 1...month.dayCount {
      for index in organizations.indices { organizations[index].begin(weekday: (month.firstDay + day + 2) % 7) }
      for part in 1...Self.readingsPerDay {
        let hours = Int64(day - 1) * 24 + Int64(part * 24 / Self.readingsPerDay)
        let time = min(period.lowerBound + .hours(hours), period.upperBound - .seconds(1))
        for index in organizations.indices {
          organizations[index].use(1 / Double(Self.readingsPerDay))
          organizations[index].read(at: time, of: month, period, &zone)
          guard part == Self.readingsPerDay, Self.days.contains(day) else { continue }
          if let made = expectation(of: index, after: day, at: time, month, period) { expectations.append(made) }
        }
      }
    }
    return expectations
  }

  private func expectation(
    of index: Int, after day: Int, at time: Date, _ month: BillingMonth, _ period: Range<Date>
  ) -> Expectation? {
    let used = organizations[index].latest?.counters.pages ?? 0
    func forecast(_ profile: UsageProfile?) -> Forecast? {
      Forecast(of: .pages, used: used, at: time, month: month, period: period, profile: profile)
    }
    guard let profiled = forecast(organizations[index].profile), let even = forecast(nil) else { return nil }
    return Expectation(day: day, organization: index, profiled: profiled, even: even)
  }

  private func report(_ errors: [[Int: Errors]]) {
    for day in Self.days {
      let kinds = zip(BenchmarkOrganization.Week.allCases, errors).compactMap { week, days in
        days[day].map { (name: "\(week)", errors: $0) }
      }
      let all = kinds.map(\.errors).reduce(into: Errors()) { sum, kind in
        sum.profiled += kind.profiled
        sum.even += kind.even
        sum.within += kind.within
        sum.count += kind.count
      }
      let parts = ([(name: "all", errors: all)] + kinds).map { name, errors in
        let count = Double(max(errors.count, 1))
        return "\(name) \(decimal(errors.profiled / count * 100, 1)) % against "
          + "\(decimal(errors.even / count * 100, 1)) % (\(decimal(Double(errors.within) / count * 100, 0)) % within)"
      }
      print("  after day \(day): \(parts.joined(separator: "; "))")
    }
  }
}
