/// Measures what the core promises: what judging costs, and how far forecasts are off. `make bench` runs it.
@main
enum Benchmarks {
  static func main() {
    print("Judging 100,000 organizations by 6 rules")
    for weeks in [1, 4, 57] { JudgingBenchmark(weeks: weeks)?.run(organizations: 100_000, rounds: 5) }
    print("\nHow far the forecast is off, against an even pace, and how many totals lie within its range")
    var forecasts = ForecastBenchmark(organizations: 300)
    forecasts.run()
  }
}
