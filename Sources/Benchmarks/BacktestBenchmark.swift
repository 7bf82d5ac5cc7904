import FoundationEssentials
import Glibc
import QuotaCore
import QuotaService
import UsageStore

/// Measures a backtest over a year in which every hour of every organization has a snapshot of its own, which is more
/// than a database ever holds: it thins what is old.
struct BacktestBenchmark {
  private let directory: String
  private static let months = (1...12).compactMap { BillingMonth(year: 2025, month: $0) }

  private static let rules = """
    {"id": "pages-quota", "type": "threshold", "metric": "pages", "percent": [50, 80, 100]},
    {"id": "conversions-quota", "type": "threshold", "metric": "conversions", "percent": [80, 100]},
    {"id": "pages-forecast", "type": "forecast", "metric": "pages"},
    {"id": "pages-spike", "type": "spike", "metric": "pages", "baseline": "28d"},
    {"id": "no-documents", "type": "idle", "after": "2d"},
    {"id": "corrected", "type": "correction"}
    """

  /// - Parameter directory: where databases are made, and removed again.
  init(in directory: String) {
    self.directory = directory
  }

  /// Replays so many organizations, and prints what it took.
  func run(organizations count: Int) async throws {
    let path = "\(directory)/quotawatch-benchmark-\(getpid())"
    defer { for suffix in ["", "-wal", "-shm", ".lock", ".json"] { unlink(path + suffix) } }
    var organizations = (0..<count).map(BenchmarkOrganization.init)
    let text = Self.configuration(organizations, database: path)
    guard (try? Data(text.utf8).write(to: URL(filePath: path + ".json"))) != nil, chmod(path + ".json", 0o600) == 0
    else { return }
    try await fill(path, &organizations)
    organizations = []
    let configuration = try Configuration.load(path: path + ".json")
    let service = Setup(configuration, world: try .live(configuration))
    guard let first = Self.months.first, let last = Self.months.last else { return }
    Memory.forgetPeak()
    let (wall, processor) = (ContinuousClock.now, processorSeconds())
    let report = try await service.backtest(Backtest.Options(from: first, to: last))
    let elapsed = (ContinuousClock.now - wall) / .seconds(1)
    print(
      "  \(count) organizations, \(report.readings) readings: \(decimal(elapsed, 1)) s wall, "
        + "\(decimal(processorSeconds() - processor, 1)) s CPU, \(Memory.peak / 1_024) MB at most, "
        + "\(report.messages.count) messages")
  }

  /// Quotas that most months come near to, and a tenth never.
  private static func configuration(_ organizations: [BenchmarkOrganization], database: String) -> String {
    let entries = organizations.enumerated().map { index, organization in
      let quota = Int64(organization.level * (index % 10 == 0 ? 100 : 32)) + 1_000
      return """
        {"id": "\(organization.id)", "api_key": {"env": "UNUSED"},
          "quota": {"pages": \(quota), "conversions": \(quota / 3)}}
        """
    }
    return """
      {"database": "\(database)", "organizations": [\(entries.joined(separator: ",\n"))], "rules": [\(rules)],
        "notifiers": {"ops": {"type": "slack", "url": {"env": "UNUSED"}}}, "default_notify": ["ops"]}
      """
  }

  /// Fills a database hour by hour, as runs do.
  private func fill(_ path: String, _ organizations: inout [BenchmarkOrganization]) async throws {
    let store = try SQLiteStore.open(path: path, access: .readWrite, billingTimeZone: .gmt)
    var zone = ZoneOffsets(.gmt)
    for month in Self.months {
      let period = month.period(in: .gmt)
      for day in 1...month.dayCount {
        for index in organizations.indices { organizations[index].begin(weekday: (month.firstDay + day + 2) % 7) }
        var readings: [Reading] = []
        for hour in 0..<24 {
          let time = period.lowerBound + .seconds(Int64((day - 1) * 86_400 + hour * 3_600 + 1_800))
          for index in organizations.indices {
            organizations[index].use(1.0 / 24)
            organizations[index].read(at: time, of: month, period, &zone)
            guard let counters = organizations[index].latest?.counters else { continue }
            // At least one page an hour, so that no snapshot repeats the one before.
            let pages = counters.pages + Int64(day * 24 + hour)
            readings.append(
              Reading(
                organization: organizations[index].id, month: month,
                counters: Counters(pages: pages, conversions: counters.conversions), observedAt: time))
          }
        }
        try await store.write { [readings] writer in
          var known = try writer.months(of: readings.map(\.organization), from: month, to: month)
          for reading in readings {
            known[reading.organization, default: [:]][month] = try writer.record(
              reading, after: known[reading.organization]?[month], quota: Quota(), freezesQuota: false, asked: false)
          }
        }
      }
    }
    try store.close()
  }
}

/// The memory of this process, in kilobytes.
private enum Memory {
  /// The most since the start, or since the peak was forgotten.
  static var peak: Int {
    guard let status = fopen("/proc/self/status", "r") else { return 0 }
    defer { fclose(status) }
    var line = [CChar](repeating: 0, count: 256)
    while fgets(&line, Int32(line.count), status) != nil {
      let text = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
      if text.hasPrefix("VmHWM:") { return Int(text.filter(\.isNumber)) ?? 0 }
    }
    return 0
  }

  static func forgetPeak() {
    guard let file = fopen("/proc/self/clear_refs", "w") else { return }
    fputs("5", file)
    fclose(file)
  }
}
