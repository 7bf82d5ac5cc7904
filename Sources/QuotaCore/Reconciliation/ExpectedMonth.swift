/// What a plan says that a month costs, in the parts that an invoice is compared by.
struct ExpectedMonth {
  let calculation: PriceCalculation
  /// Whether the month's use is known. What depends on it is not expected otherwise.
  let isRead: Bool
  /// What is expected for everything that the plan speaks of.
  private let amounts: [PriceCalculation.Subject: ExactDecimal]
  /// The plan's discounts and what exceeds its maximum, as the lines of their own that they are on the invoice; nil where
  /// they are in the amounts, and where there are none.
  let reductions: ExactDecimal?

  /// - Parameter reductionsApart: whether the invoice has reductions as lines of their own, and not in its other amounts.
  init(_ calculation: PriceCalculation, isRead: Bool, reductionsApart: Bool) {
    self.calculation = calculation
    self.isRead = isRead
    let parts = calculation.parts.map {
      SubjectSums($0.lines, calculation, isRead: isRead, reductionsApart: reductionsApart || !isRead)
    }
    let net = calculation.beforeTax(parts.map { $0.sums.map(\.amount) }, decimals: calculation.expectedDecimals)
    var amounts: [PriceCalculation.Subject?: ExactQuotient] = [:]
    for (part, net) in zip(parts, net) {
      for (sum, net) in zip(part.sums, net) {
        amounts[sum.subject] = amounts[sum.subject, default: .zero] + net
      }
    }
    let decimals = amounts.mapValues { $0.decimal(places: calculation.expectedDecimals) }
    reductions = isRead ? decimals[nil] : nil
    self.amounts = Dictionary(
      uniqueKeysWithValues: decimals.compactMap { subject, amount in subject.map { ($0, amount) } })
  }

  /// What the charges of a metric come to; nil if the plan has no charge for it.
  func amount(of metric: Metric) -> ExactDecimal? { amounts[.usage(metric)] }

  /// What the fees and the minimum come to; nil if the plan has neither.
  var fees: ExactDecimal? { amounts[.fees] }

  /// The tax; nil where the plan does not speak of it.
  var tax: ExactDecimal? { calculation.taxes.isEmpty ? nil : calculation.tax }

  /// Whether the month is split between two versions of the plan.
  var isSplit: Bool { calculation.parts.count > 1 || calculation.lines.contains { $0.share != nil } }

  /// What an amount is with the plan's tax on it; nil where the plan does not speak of one tax.
  func withTax(_ amount: ExactDecimal) -> ExactDecimal? {
    guard calculation.taxes.count == 1, let percent = calculation.taxes.first?.percent else { return nil }
    return calculation.currency.rounded(amount + (amount * percent).movingPoint(left: 2))
  }

  /// How far the amounts of an invoice are from these: all differences without their signs.
  func distance(to lines: LinesByRow) -> ExactDecimal {
    func sum(_ lines: [InvoiceLine]) -> ExactDecimal { lines.in(calculation.currency).amount }
    let usage = Metric.allCases.map { sum(lines.usage[$0] ?? []) - (amount(of: $0) ?? .zero) }
    var differences = usage + [sum(lines.purchases) - (fees ?? .zero)]
    if let reductions { differences.append(sum(lines.reductions) - reductions) }
    return differences.map(\.absolute).sum()
  }

  /// The quantity that an invoice may state for so much use, in the ways in which invoices count.
  func countings(of metric: Metric, used: Int64) -> [Counting] {
    let lines = calculation.lines.filter { $0.subject == .usage(metric) }
    let tiers = lines.flatMap(\.tiers)
    let priced = tiers.filter { !$0.unitPrice.isZero || !$0.flatAmount.isZero }
    let billable = priced.map(\.quantity).reduce(0, +)
    let packages = priced.compactMap(\.packages)
    var countings = [Counting(quantity: used, way: .used)]
    guard !tiers.isEmpty else { return countings }
    if billable != used { countings.append(Counting(quantity: billable, way: .billable)) }
    if !packages.isEmpty, packages.count == priced.count {
      countings.append(Counting(quantity: packages.reduce(0, +), way: .packages))
    }
    return countings
  }

  /// A quantity as an invoice may count it.
  struct Counting {
    let quantity: Int64
    let way: Way

    enum Way {
      /// All that was used.
      case used
      /// What is used above the units that cost nothing.
      case billable
      /// Packages.
      case packages
    }
  }
}

extension PriceCalculation {
  /// How many decimals expected amounts are rounded to where a division makes more of them.
  fileprivate var expectedDecimals: Int {
    currency.minorUnit + (rounding == .line ? 0 : ExactQuotient.writtenDecimals)
  }
}

/// What the lines of one part of a month come to for each subject, as they are priced.
private struct SubjectSums {
  typealias Subject = PriceCalculation.Subject

  /// The subject is nil for reductions that are lines of their own.
  private(set) var sums: [(subject: Subject?, amount: ExactQuotient)] = []

  /// Amounts as they are billed: rounded line by line, or exact where only the invoice's sum is rounded.
  init(_ lines: [PriceCalculation.Line], _ calculation: PriceCalculation, isRead: Bool, reductionsApart: Bool) {
    for line in lines where isRead || !line.isLimit {
      let amount = calculation.rounding == .line ? ExactQuotient(line.rounded) : line.unrounded
      guard let reduced = line.reduced else {
        add(amount, to: line.subject)
        continue
      }
      if reductionsApart {
        add(amount, to: nil)
      } else {
        take(amount, off: reduced.map { [$0] } ?? sums.compactMap(\.subject), calculation.expectedDecimals)
      }
    }
  }

  private mutating func add(_ amount: ExactQuotient, to subject: Subject?) {
    if let index = sums.firstIndex(where: { $0.subject == subject }) {
      sums[index].amount = sums[index].amount + amount
    } else {
      sums.append((subject, amount))
    }
  }

  /// Shares a reduction out in proportion. The shares are rounded to so many decimals, and the last one is the rest, so
  /// that together they are exactly what is taken off. Where that is everything, nothing is left of any subject.
  private mutating func take(_ reduction: ExactQuotient, off subjects: [Subject], _ decimals: Int) {
    let weights = subjects.map { subject in sums.first { $0.subject == subject }?.amount ?? .zero }
    let whole = weights.sum()
    if (whole + reduction).isZero {
      for (subject, weight) in zip(subjects, weights) { add(-weight, to: subject) }
      return
    }
    var (weight, taken) = (ExactQuotient.zero, ExactDecimal.zero)
    for (subject, own) in zip(subjects.dropLast(), weights) {
      weight = weight + own
      let next = (reduction.decimal * weight.decimal).divided(by: whole.decimal, decimals: decimals) ?? .zero
      add(ExactQuotient(next - taken), to: subject)
      taken = next
    }
    if let last = subjects.last { add(reduction - ExactQuotient(taken), to: last) }
  }
}

extension PriceCalculation.Line {
  /// What is paid for; nil for what lowers the bill.
  fileprivate var subject: PriceCalculation.Subject? {
    switch kind {
    case .charge(_, let metric): metric.map { .usage($0) } ?? .fees
    case .minimum: .fees
    case .discount, .maximum: nil
    }
  }

  /// What a reduction lowers, nil for everything; nil for what is none.
  fileprivate var reduced: PriceCalculation.Subject?? {
    switch kind {
    case .discount(_, let subject): .some(subject)
    case .maximum: .some(nil)
    case .charge, .minimum: nil
    }
  }

  /// Whether it depends on all that was used.
  fileprivate var isLimit: Bool {
    switch kind {
    case .minimum, .maximum: true
    case .charge, .discount: false
    }
  }
}
