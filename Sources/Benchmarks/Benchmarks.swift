import Glibc

/// Measures what the core promises: what judging, forecasting and replaying cost. `make bench` runs it.
///
/// Words after the program's name choose parts: `judging`, `spend`, `forecast`, `backtest`, and `backtest=200` for
/// another number of organizations. `series` alone replays the series of the standard input, see ``ForecastBenchmark``.
@main
enum Benchmarks {
  static func main() async throws {
    let words = CommandLine.arguments.dropFirst()
    guard Array(words) != ["series"] else { return ForecastBenchmark.run() }
    func isWanted(_ part: String) -> Bool { words.isEmpty || words.contains(part) }
    if isWanted("judging") {
      print("Judging 100,000 organizations by 6 rules")
      for weeks in [1, 4, 57] { JudgingBenchmark(weeks: weeks)?.run(organizations: 100_000, rounds: 5) }
    }
    if isWanted("spend") {
      print("\nJudging 100,000 organizations by what their months cost and will cost (2 rules)")
      SpendBenchmark()?.run(organizations: 100_000, rounds: 5)
    }
    if isWanted("forecast") {
      print("\nWhat the months of 100,000 organizations come to, by both metrics")
      JudgingBenchmark(weeks: 57)?.forecast(organizations: 100_000, rounds: 5)
    }
    let sizes = isWanted("backtest") ? [10, 100, 1_000] : words.compactMap(size)
    if !sizes.isEmpty { print("\nReplaying 12 months of hourly snapshots by 6 rules") }
    let directory = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    for size in sizes { try await BacktestBenchmark(in: directory).run(organizations: size) }
  }

  private static func size(_ word: String) -> Int? {
    let parts = word.split(separator: "=")
    return parts.count == 2 && parts[0] == "backtest" ? Int(parts[1]) : nil
  }
}
