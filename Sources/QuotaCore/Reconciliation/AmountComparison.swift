/// The comparison of what is expected with what is invoiced, where only amounts count: fees, discounts and tax.
struct AmountComparison {
  typealias Finding = ReconciliationEntry.Finding

  let lines: [InvoiceLine]
  let split: Bool
  let planCurrency: Currency?
  let unpriced: String
  let isOver: Bool
  private(set) var figures = ReconciliationEntry.Figures()

  /// - Parameters:
  ///   - lines: all in one currency, which is the plan's if there is a plan.
  ///   - unpriced: why nothing is expected where there is no plan.
  init(
    lines: [InvoiceLine], expected: ExactDecimal?, split: Bool, planCurrency: Currency?, tolerance: Tolerance,
    unpriced: String, isOver: Bool
  ) {
    self.lines = lines
    self.split = split
    self.planCurrency = planCurrency
    self.unpriced = unpriced
    self.isOver = isOver
    figures.expectedAmount = expected
    figures.invoicedAmount = lines.isEmpty ? nil : lines.amount
    guard let expected, let planCurrency else { return }
    figures.amountTolerance = tolerance.limit(ofAmount: expected, in: planCurrency, rows: lines.count)
    if !lines.isEmpty { figures.amountVariance = lines.amount - expected }
  }

  var currency: Currency? { planCurrency ?? lines.first?.content.currency }

  func finding(ofFees plan: ExpectedMonth?, in month: BillingMonth) -> Finding {
    if let finding = incomparable(what: "the fees", uninvoiced: .missingInvoice) { return finding }
    guard let variance = figures.amountVariance, let currency, let expected = figures.expectedAmount else {
      return Finding(.matched)
    }
    if variance.isZero { return Finding(.matched) }
    let (reason, why) = reasonOfFees(variance, expected, plan, currency, month)
    return Finding(
      status(variance), reason,
      "fees of \(currency.shown(lines.amount)) instead of \(currency.shown(expected)) \(currency) "
        + "(\(variance.signed(in: currency)))\(why.isEmpty ? "" : "; \(why)")")
  }

  /// - Parameters:
  ///   - invoicedNet: what the invoice has before tax.
  ///   - isInvoiced: whether there is an invoice at all.
  func finding(
    ofTax plan: ExpectedMonth, invoicedNet: ExactDecimal, expectedNet: ExactDecimal, isInvoiced: Bool
  ) -> Finding {
    let missing: ReconciliationStatus = isInvoiced ? .underBilled : .missingInvoice
    if let finding = incomparable(what: "the tax", uninvoiced: missing, reason: .tax) { return finding }
    guard let variance = figures.amountVariance, let currency, let expected = figures.expectedAmount else {
      return Finding(.matched)
    }
    if variance.isZero { return Finding(.matched) }
    var text =
      "tax of \(currency.shown(lines.amount)) instead of \(currency.shown(expected)) \(currency) "
      + "(\(variance.signed(in: currency)))"
    if let gross = plan.withTax(invoicedNet), gross - invoicedNet == lines.amount, invoicedNet != expectedNet {
      text += "; it is right for the \(currency.shown(invoicedNet)) \(currency) that are invoiced"
    }
    let isRounding = variance.absolute <= Self.roundingLimit(lines.count, currency)
    return Finding(status(variance), isRounding ? .rounding : .tax, text)
  }

  /// Discounts of the plan, and what exceeds its maximum.
  var findingOfReductions: Finding {
    guard let variance = figures.amountVariance, let currency, let expected = figures.expectedAmount else {
      guard let expected = figures.expectedAmount, let planCurrency else { return Finding(.matched) }
      return Finding(
        isOver ? .overBilled : .pending, .credit,
        "\(Money(-expected, planCurrency)) are to be taken off, and no line of the invoice does so")
    }
    if variance.isZero { return Finding(.matched) }
    return Finding(
      status(variance), variance.absolute <= Self.roundingLimit(lines.count, currency) ? .rounding : .credit,
      "\(currency.shown(-lines.amount)) instead of \(currency.shown(-expected)) \(currency) taken off "
        + "(\(variance.signed(in: currency)))")
  }

  /// Tax that is invoiced where the plan does not say how much it should be.
  var findingOfTaxWithoutPercentage: Finding {
    if lines.amount.isZero { return Finding(.matched) }
    let amount = currency.map { "\(Money(lines.amount, $0))" } ?? lines.amount.grouped()
    guard planCurrency != nil else {
      return Finding(.notComparable, .tax, "\(unpriced); the invoice has a tax of \(amount)")
    }
    return Finding(
      .notComparable, .tax, "the invoice has a tax of \(amount), and the plan has no tax_percent to compare it with")
  }

  /// Tax that is invoiced of a month whose use is not known.
  var findingOfTaxOfUnreadMonth: Finding {
    if lines.amount.isZero { return Finding(.matched) }
    return Finding(.missingUsage, .tax, "the month was never read, and so it is not known what is to be taxed")
  }

  static func finding(ofCredit line: InvoiceLine) -> Finding {
    unplanned(line, "credit", .credit)
  }

  static func finding(ofAdjustment line: InvoiceLine) -> Finding {
    if line.content.isProration { return unplanned(line, "adjustment for a part of the month", .proration) }
    return unplanned(line, "adjustment", line.content.amount.isNegative ? .credit : .unitPriceVariance)
  }

  private static func unplanned(_ line: InvoiceLine, _ what: String, _ reason: ReconciliationReason) -> Finding {
    let amount = line.content.amount
    guard !amount.isZero else { return Finding(.matched) }
    let description = line.content.description.map { " (\($0))" } ?? ""
    return Finding(
      amount.isNegative ? .underBilled : .overBilled, reason,
      "\(what) of \(amount.signed(in: line.content.currency)) \(line.content.currency) on "
        + "\(line.key.invoice)\(description), which the plan does not speak of")
  }

  private func status(_ variance: ExactDecimal) -> ReconciliationStatus {
    if variance.absolute <= figures.amountTolerance ?? .zero { return .matchedWithinTolerance }
    return variance.isNegative ? .underBilled : .overBilled
  }

  /// What there is to say without two amounts; nil if there are.
  private func incomparable(
    what: String, uninvoiced: ReconciliationStatus, reason: ReconciliationReason? = nil
  ) -> Finding? {
    guard let expected = figures.expectedAmount, let planCurrency else {
      if !lines.isEmpty, lines.amount.isZero { return Finding(.matched) }
      return Finding(.notComparable, nil, unpriced)
    }
    guard !lines.isEmpty else {
      guard !planCurrency.rounded(expected).isZero else { return Finding(.matched) }
      let text = "\(what) of \(Money(expected, planCurrency)) are due, and no invoice has them"
      return Finding(
        isOver ? uninvoiced : .pending, reason,
        reason == .tax ? "a tax of \(Money(expected, planCurrency)) is due, and no invoice has it" : text)
    }
    return nil
  }

  private func reasonOfFees(
    _ variance: ExactDecimal, _ expected: ExactDecimal, _ plan: ExpectedMonth?, _ currency: Currency,
    _ month: BillingMonth
  ) -> (ReconciliationReason, String) {
    // What rounding can make is no part of a month.
    if variance.absolute > Self.roundingLimit(lines.count, currency), lines.repetitions.isEmpty,
      let days = Self.days(of: lines.amount, outOf: expected, currency, month)
    {
      return (.proration, "that is the fee for \(days) of \(month.dayCount) days")
    }
    return Self.reason(
      ofAmounts: variance, lines, expected: expected, isSplit: split, withTax: plan?.withTax(expected), currency)
  }

  /// For how many days of a month a part of a fee is; nil if it is none, or all.
  private static func days(
    of part: ExactDecimal, outOf whole: ExactDecimal, _ currency: Currency, _ month: BillingMonth
  ) -> Int? {
    (1..<month.dayCount).first {
      ExactQuotient(whole, times: $0, outOf: month.dayCount).rounded(to: currency.minorUnit) == part
    }
  }

  /// Why amounts differ while the quantities agree.
  static func reason(
    of variance: ExactDecimal, _ lines: [InvoiceLine], expected amount: ExactDecimal, _ expected: ExpectedMonth,
    _ currency: Currency, _ tolerance: Tolerance
  ) -> (ReconciliationReason, String) {
    reason(
      ofAmounts: variance, lines, expected: amount, isSplit: expected.isSplit, withTax: expected.withTax(amount),
      currency)
  }

  private static func reason(
    ofAmounts variance: ExactDecimal, _ lines: [InvoiceLine], expected: ExactDecimal, isSplit: Bool,
    withTax: ExactDecimal?, _ currency: Currency
  ) -> (ReconciliationReason, String) {
    let repeated = lines.repetitions
    if !repeated.isEmpty, (variance - repeated.amount).absolute <= roundingLimit(lines.count, currency) {
      return (.duplicateLine, "the invoice has this twice: \(repeated.names)")
    }
    if lines.contains(where: \.content.isProration) { return (.proration, "a line is for a part of the month") }
    if variance.absolute <= roundingLimit(lines.count, currency) {
      return (.rounding, "rounding \(lines.count == 1 ? "one line" : lines.count.counted("line")) can make so much")
    }
    if isSplit { return (.proration, "the plan changes within the month") }
    if let withTax, lines.amount == withTax { return (.tax, "that is the amount with tax") }
    return (.unitPriceVariance, prices(lines, expected, currency))
  }

  /// What rounding every line by itself can make: half a minor unit of each, and of our own sum.
  static func roundingLimit(_ lines: Int, _ currency: Currency) -> ExactDecimal {
    (ExactDecimal(Int64(lines + 1)) * ExactDecimal(5)).movingPoint(left: currency.minorUnit + 1)
  }

  /// What one unit costs on average, invoiced and expected.
  private static func prices(_ lines: [InvoiceLine], _ expected: ExactDecimal, _ currency: Currency) -> String {
    guard let quantity = lines.quantity, let invoiced = lines.amount.divided(by: quantity, decimals: 6),
      let own = expected.divided(by: quantity, decimals: 6)
    else { return "" }
    return "on average \(invoiced.grouped()) instead of \(own.grouped()) \(currency) for each"
  }
}
