import FoundationEssentials

/// Tells when a month costs an amount, by the prices of the organization's plan and before tax.
///
/// It has one alert for each month: the amount is a setting, not a part of the alert's identity. Where no price is
/// agreed for a month, or one in another currency than the rule's, it cannot tell.
package struct SpendRule: RuleKind {
  /// Above 0; reached at `cost ≥ amount`.
  package let amount: ExactDecimal
  /// Nil for the plan's, whichever that is.
  package let currency: Currency?
  package let basis: Basis

  /// Which cost is compared.
  package enum Basis: Hashable, Sendable {
    /// Of what was used so far.
    case used
    /// Of what the month is expected to come to, once so much of it is over.
    case projected(minElapsed: TimeSpan, confidence: Confidence)

    /// By the word that a configuration uses for `basis`.
    package enum Name: String, CaseIterable, Sendable {
      case used
      case projected
    }

    package var name: Name {
      switch self {
      case .used: .used
      case .projected: .projected
      }
    }
  }

  package init(amount: ExactDecimal, currency: Currency? = nil, basis: Basis = .used) {
    self.amount = amount
    self.currency = currency
    self.basis = basis
  }

  package static let type = RuleType.spend
  package static let summary = "The month costs an amount, or is expected to."
  package static let usualHoldForWords = "1, for the basis `projected` 2"
  package static let isMonthly = true
  package var usualHoldFor: HoldFor { .readings(basis == .used ? 1 : 2) }
  package var needsProfile: Bool { basis != .used }

  package static let fields = Fields(
    Field(
      "amount", .positiveAmount, .required,
      "What the month has to cost before tax, by the prices of the organization's plan."),
    Field(
      "currency", .currency, .optional("the plan's"),
      "The currency of the amount: a code of ISO 4217. Organizations whose plan has its prices in another one are not judged."
    ), basis
  ) { SpendRule(amount: $0, currency: $1, basis: $2) }

  private static let basis = Fields(
    Field(
      "basis", .choice(of: Basis.Name.self), .usually(.used),
      "`used`: what the month costs so far. `projected`: what it is expected to come to."),
    Field(
      "min_elapsed", .timeSpan(from: .hours(1), to: .days(27)), .optional("`3d`"),
      "For the basis `projected`: how much of the month has to be over."),
    Field(
      "confidence", .confidence, .optional("80"), "For the basis `projected`: how probable it has to be, in percent.")
  ) { Written(name: $0, minElapsed: $1, confidence: $2) }
  .checked(at: "min_elapsed", demand: isForProjections("min_elapsed")) { (written: Written) -> String? in
    written.misplaced(written.minElapsed != nil, "min_elapsed")
  }
  .checked(at: "confidence", demand: isForProjections("confidence")) { (written: Written) -> String? in
    written.misplaced(written.confidence != nil, "confidence")
  }
  .map(\.basis)

  /// The basis with its settings, as a configuration writes them.
  private struct Written {
    let name: Basis.Name
    let minElapsed: TimeSpan?
    let confidence: Confidence?

    func misplaced(_ isThere: Bool, _ field: String) -> String? {
      isThere && name == .used ? "belongs to \"basis\": \"projected\" only; remove \"\(field)\"" : nil
    }

    var basis: Basis {
      switch name {
      case .used: .used
      case .projected: .projected(minElapsed: minElapsed ?? .days(3), confidence: confidence ?? .usual)
      }
    }
  }

  private static func isForProjections(_ field: String) -> JSONLiteral {
    [
      "if": ["required": [.text(field)]],
      "then": ["required": ["basis"], "properties": ["basis": ["const": .text(Basis.Name.projected.rawValue)]]],
    ]
  }

  package func canJudge(_ key: AlertKey, _ organization: Organization) -> Bool { canJudge(organization) }

  /// Whether an organization's plan has prices that the amount can be compared with, in some month.
  func canJudge(_ organization: Organization) -> Bool {
    organization.pricePlan?.currencies.contains { currency == nil || $0 == currency } ?? false
  }

  package func judge(_ input: RuleInput, into verdicts: inout some VerdictSink) {
    guard input.organization.pricePlan != nil else { return }
    switch basis {
    case .used:
      for month in input.months {
        guard let used = cost(of: month.snapshot.counters, in: month, input) else { continue }
        add(Cost(used: used, expected: nil), in: month, input, to: &verdicts)
      }
    case .projected(let minElapsed, let confidence):
      guard let month = input.currentMonth, let used = cost(of: month.snapshot.counters, in: month, input)
      else { return }
      guard used.amount < amount else { return add(Cost(used: used, expected: nil), in: month, input, to: &verdicts) }
      guard month.snapshot.lastSeenAt >= month.period.lowerBound + minElapsed else { return }
      let outlook = SpendOutlook(month, input.profile) { cost(of: $0, in: month, input) }
      let holds = outlook.holds(amount, confidence)
      verdicts.add(holds, month: month.snapshot.month) { _ in
        guard let expected = outlook.cost(0) else { return nil }
        let probability = Likelihood(probability: outlook.probability(of: amount))
        var evidence = evidence(Cost(used: used, expected: expected), holds: holds == .yes, in: month, input)
        (evidence.probability, evidence.projections) = (probability.percent, outlook.parts)
        return Explanation(reason(used, expected, outlook.range, probability, in: month.snapshot.month), evidence)
      }
    }
  }

  /// What a month costs.
  private struct Cost {
    let used: Money
    /// Nil where only what was used so far counts.
    let expected: Money?

    var decisive: Money { expected ?? used }
  }

  /// Nil without prices, and for those in another currency than the rule's.
  private func cost(of counters: Counters, in month: ObservedMonth, _ input: RuleInput) -> Money? {
    let cost = input.organization.expectedAmount(of: month.snapshot.month, counters)
    return currency == nil || cost?.currency == currency ? cost : nil
  }

  private func add(
    _ cost: Cost, in month: ObservedMonth, _ input: RuleInput, to verdicts: inout some VerdictSink
  ) {
    let isReached = cost.used.amount >= amount
    verdicts.add(isReached ? .yes : .no, month: month.snapshot.month) { _ in
      Explanation(
        reason(cost.used, in: month, holds: isReached), evidence(cost, holds: isReached, in: month, input))
    }
  }

  private func evidence(_ cost: Cost, holds: Bool, in month: ObservedMonth, _ input: RuleInput) -> Evidence {
    // The observation before this one tells since when at the earliest; one that cost as much already means that the
    // price or the amount has changed, not the counter.
    let costBefore = month.before.flatMap { self.cost(of: $0.counters, in: month, input) }
    let hasRisen = holds && cost.expected == nil && costBefore.map { $0.amount < amount } ?? false
    var evidence = Evidence(
      observedAfter: hasRisen ? month.before?.lastSeenAt : nil, observedAt: month.snapshot.lastSeenAt,
      periodEnd: month.period.upperBound,
      snapshotIDs: month.snapshotIDs)
    evidence.amount = cost.decisive.currency.text(cost.decisive.amount)
    evidence.currency = cost.decisive.currency.code
    evidence.limit = cost.decisive.currency.text(amount)
    return evidence
  }

  private func reason(_ used: Money, in month: ObservedMonth, holds: Bool) -> String {
    let mark = "\(holds ? "at or above" : "below") \(Money(amount, used.currency))"
    let (name, counters) = (month.snapshot.month, month.snapshot.counters)
    return
      "\(counters.counted.joined(separator: " and ")) in \(name) cost \(used): \(mark)"
  }

  private func reason(
    _ used: Money, _ expected: Money, _ range: (low: Money, high: Money)?, _ likelihood: Likelihood,
    in month: BillingMonth
  ) -> String {
    let limit = Money(amount, used.currency)
    let words = likelihood.words("cost \(limit) or more", "cost less than \(limit)")
    let span = range.map { ", \($0.low) to \($0.high) in four of five cases" } ?? ""
    return "\(month) \(words) (\(likelihood.percent) % to reach it): \(used) so far, expected are \(expected)\(span)"
  }

  package static func fill(sample event: inout Event, number: Int64) {
    event.evidence = Evidence(observedAt: event.occurredAt)
    (event.evidence.amount, event.evidence.limit, event.evidence.currency) = ("512.40", "500.00", "EUR")
  }

  package static func headline(of event: Event, _ name: String) -> EventHeadline {
    guard let money = event.evidence.money, let limit = event.evidence.limitMoney, let month = event.month else {
      return .reason(of: event, name)
    }
    if event.transition == .resolved {
      return EventHeadline(
        name, "cost below the limit again (\(month))",
        "The cost of \(name) for \(month) is below the limit of \(limit) again (\(money))")
    }
    // Only what is expected is more or less probable.
    guard event.evidence.probability == nil else {
      return EventHeadline(
        name, "expected cost of \(money) (\(month))",
        "\(name) is expected to cost \(money) in \(month); the limit is \(limit)")
    }
    return EventHeadline(
      name, "cost of \(money) (\(month))",
      "\(name) costs \(money) in \(month), which is at or above the limit of \(limit)")
  }
}

extension Shape<ExactDecimal> {
  fileprivate static var positiveAmount: Shape {
    Shape(
      "amount above 0", pattern: #"^(?!0(?:\.0+)?$)(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,12})?$"#,
      accepts: ["0.000000000001", "500.00"], refuses: ["0", "0.00", "-5", "1e3"],
      decode: { $0.decoded(as: .amount) }
    )
    .checked { $0.isZero ? "must be more than 0: every month costs that much" : nil }
  }
}
