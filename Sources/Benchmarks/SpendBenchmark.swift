import FoundationEssentials
import QuotaCore

/// Measures what it costs to judge many organizations by what their months cost, once each is known for a while.
struct SpendBenchmark {
  private let month: BillingMonth
  private let period: Range<Date>
  private let now: Date
  private let plan: PricePlan

  private static let rules = configuredRules(
    """
    {"id": "costs", "type": "spend", "amount": "400"},
    {"id": "will-cost", "type": "spend", "amount": "400", "basis": "projected"}
    """)

  /// A base fee, three tiers for pages, and conversions above an included quantity; a minimum and tax.
  init?() {
    let noon = Date(timeIntervalSince1970: 1_795_003_200)
    guard let month = BillingMonth(containing: noon, in: .gmt), let currency = Currency("EUR") else { return nil }
    (self.month, now, period) = (month, noon, month.period(in: .gmt))
    let tiers = Tiers(
      [
        .init(upTo: 1_000, price: .init(unitPrice: Self.amount("0.05"))),
        .init(upTo: 10_000, price: .init(unitPrice: Self.amount("0.035"))),
      ], last: .init(unitPrice: Self.amount("0.0225")))
    let prices = Prices(
      currency: currency,
      charges: [
        Charge(.flat(amount: Self.amount("49.90"))), Charge(.graduated(.pages, tiers)),
        Charge(.included(.conversions, included: 500, unitPrice: Self.amount("0.015"))),
      ], minimum: Self.amount("75"), taxPercent: Self.amount("19"))
    plan = PricePlan(name: "growth", versions: [.init(prices: prices)])
  }

  private static func amount(_ text: String) -> ExactDecimal { ExactDecimal(text) ?? .zero }

  /// Judges so many organizations several times, and prints the median of the processor's time.
  func run(organizations count: Int, rounds: Int) {
    var known: [[Alert]] = Array(repeating: [], count: count)
    for _ in 0..<2 { _ = judge(&known) }
    let seconds = (0..<rounds).map { _ in judge(&known) }.sorted()[rounds / 2]
    let alerts = known.reduce(0) { $0 + $1.count }
    print("  with \(alerts) alerts known: \(decimal(seconds, 2)) s CPU")
  }

  private func judge(_ known: inout [[Alert]]) -> Double {
    var seconds = 0.0
    for index in known.indices {
      let input = input(index)
      let start = processorSeconds()
      let outcome = AlertLifecycle.step(Self.rules, on: input, alerts: known[index])
      seconds += processorSeconds() - start
      let keys = outcome.changed.map(\.key) + outcome.forgotten
      known[index].removeAll { keys.contains($0.key) }
      known[index] += outcome.changed
    }
    return seconds
  }

  private func input(_ index: Int) -> RuleInput {
    let id = OrganizationID("organization-\(index)")
    // From a few pages to past the last tier.
    let pages = Int64(index % 997) * 17
    let snapshot = Snapshot(
      id: 1, organization: id, month: month, counters: Counters(pages: pages, conversions: pages / 3), firstSeenAt: now,
      lastSeenAt: now)
    return RuleInput(
      organization: Organization(id: id, plan: plan.name, pricePlan: plan), now: now,
      months: [ObservedMonth(snapshot: snapshot, before: snapshot, quota: Quota(), period: period)],
      history: PollHistory(firstAttemptAt: now - .days(400), lastSuccessAt: now))
  }
}
