import FoundationEssentials

/// The comparison of a metric's use with what the invoice says of it. The lines are all in one currency, which is the
/// plan's if there is a plan.
struct UsageComparison {
  typealias Finding = ReconciliationEntry.Finding

  let metric: Metric
  let lines: [InvoiceLine]
  let used: Int64?
  let expected: ExpectedMonth?
  let evidence: MonthEvidence
  let tolerances: Tolerances
  private(set) var figures = ReconciliationEntry.Figures()
  /// How the invoice counts.
  private let counting: ExpectedMonth.Counting?

  init(
    metric: Metric, lines: [InvoiceLine], used: Int64?, expected: ExpectedMonth?, evidence: MonthEvidence,
    tolerances: Tolerances
  ) {
    self.metric = metric
    self.lines = lines
    self.used = used
    self.expected = expected
    self.evidence = evidence
    self.tolerances = tolerances
    let (invoicedQuantity, invoicedAmount) = (lines.quantity, lines.isEmpty ? nil : lines.amount)
    counting = used.map { Self.counting(of: metric, used: $0, invoiced: invoicedQuantity, expected) }
    figures.vendorUsage = used
    figures.invoicedQuantity = invoicedQuantity
    figures.invoicedAmount = invoicedAmount
    figures.ledger = evidence.ledgerQuantity(of: metric)
    guard let counting else { return }
    let quantity = ExactDecimal(counting.quantity)
    figures.quantityTolerance = tolerances.quantity.limit(ofQuantity: quantity)
    figures.quantityVariance = invoicedQuantity.map { $0 - quantity }
    guard let expected else { return }
    let amount = expected.amount(of: metric) ?? .zero
    figures.expectedAmount = amount
    figures.amountTolerance = tolerances.amount.limit(
      ofAmount: amount, in: expected.calculation.currency, rows: lines.count)
    figures.amountVariance = invoicedAmount.map { $0 - amount }
  }

  /// The currency of the amounts: the plan's, or where there is none that of the invoice.
  var currency: Currency? { expected?.calculation.currency ?? lines.first?.content.currency }

  func finding() throws -> Finding {
    guard let used, let counting else {
      if !lines.isEmpty, lines.allSatisfy(\.content.claimsNothing) { return Finding(.matched) }
      let missing = evidence.closing == nil ? "the month was never read" : "the month was closed without a reading"
      return Finding(.missingUsage, nil, "\(lines.isEmpty ? "" : "\(invoicedText) and ")\(missing)\(ledgerText)")
    }
    guard let expected, let amount = figures.expectedAmount else {
      if !lines.isEmpty, lines.amount.isZero { return try quantityOnly(used, counting) }
      return Finding(.notComparable, nil, "\(evidence.plan.unpriced); \(quantitiesText(used, counting))")
    }
    guard !lines.isEmpty else { return uninvoiced(amount, used, expected) }
    return try compared(used, counting, expected)
  }

  /// Nothing is claimed for it, and so no price is needed: only the quantities are compared.
  private func quantityOnly(_ used: Int64, _ counting: ExpectedMonth.Counting) throws -> Finding {
    let variance = figures.quantityVariance ?? .zero
    if variance.isZero { return Finding(.matched) }
    let (reason, why) = try reasonOfQuantity(variance, counting)
    let text = quantitiesText(used, counting) + (why.isEmpty ? "" : "; \(why)")
    if variance.absolute <= figures.quantityTolerance ?? .zero { return Finding(.matchedWithinTolerance, reason, text) }
    return Finding(variance.isNegative ? .underBilled : .overBilled, reason, text)
  }

  private func uninvoiced(_ amount: ExactDecimal, _ used: Int64, _ expected: ExpectedMonth) -> Finding {
    let currency = expected.calculation.currency
    guard !currency.rounded(amount).isZero else { return Finding(.matched) }
    let due = Money(amount, currency)
    let text =
      "\(used.counted(metric)) \(used == 1 ? "costs" : "cost") \(due), and no invoice has \(used == 1 ? "it" : "them")"
    return Finding(evidence.isOver ? .missingInvoice : .pending, nil, text)
  }

  private func compared(
    _ used: Int64, _ counting: ExpectedMonth.Counting, _ expected: ExpectedMonth
  ) throws -> Finding {
    let currency = expected.calculation.currency
    let quantity = figures.quantityVariance ?? .zero
    let amount = figures.amountVariance ?? .zero
    if quantity.isZero, amount.isZero { return Finding(.matched) }
    let quantityDiffers = quantity.absolute > figures.quantityTolerance ?? .zero
    let amountDiffers = amount.absolute > figures.amountTolerance ?? .zero
    let (reason, why) =
      quantity.isZero
      ? AmountComparison.reason(
        of: amount, lines, expected: figures.expectedAmount ?? .zero, expected, currency, tolerances.amount)
      : try reasonOfQuantity(quantity, counting)
    var text = "\(quantitiesText(used, counting)); \(amountText(amount, currency))"
    if !why.isEmpty { text += "; \(why)" }
    guard quantityDiffers || amountDiffers else { return Finding(.matchedWithinTolerance, reason, text) }
    let leading = amountDiffers || quantity.isZero ? amount : quantity
    return Finding(leading.isNegative ? .underBilled : .overBilled, reason, text)
  }

  /// Why the quantities differ: the first of the causes that explains all of it.
  private func reasonOfQuantity(
    _ variance: ExactDecimal, _ counting: ExpectedMonth.Counting
  ) throws -> (ReconciliationReason, String) {
    let repeated = lines.repetitions
    if let extra = repeated.quantity, (variance - extra).absolute <= figures.quantityTolerance ?? .zero {
      return (.duplicateLine, "the invoice has this twice: \(repeated.names)")
    }
    if let text = correction(variance, counting) { return (.correctionAfterClose, text) }
    if let text = try lateUsage(variance) { return (.lateUsage, text) }
    if let straddling = evidence.ledger?.total.straddling, variance.absolute <= ExactDecimal(straddling) {
      return (
        .cutoffTiming,
        "our ledger has \(straddling.counted("execution")) that \(straddling == 1 ? "was" : "were") requested before and ended after a turn of "
          + "this month, which may be counted in either"
      )
    }
    if lines.contains(where: \.content.isProration) { return (.proration, "a line is for a part of the month") }
    return (.quantityVariance, "")
  }

  private func correction(_ variance: ExactDecimal, _ counting: ExpectedMonth.Counting) -> String? {
    guard let change = evidence.closing?.postCloseChange(evidence.latest) else { return nil }
    let now = change.latest.counters[metric]
    guard change.change(of: metric) != 0,
      (variance - ExactDecimal(change.change(of: metric))).absolute <= figures.quantityTolerance ?? .zero
    else { return nil }
    return "the vendor says \(now.counted(metric)) since the month was closed"
  }

  /// The invoice lacks not more than what the vendor has counted since the last reading before the month's end. On which
  /// side of it that was, readings do not tell.
  private func lateUsage(_ variance: ExactDecimal) throws -> String? {
    guard variance.isNegative, let used else { return nil }
    guard let atEnd = try evidence.lateReadings().last(where: { $0.firstSeenAt <= evidence.end }) else { return nil }
    let late = used - atEnd.counters[metric]
    guard late > 0, variance.absolute <= ExactDecimal(late) else { return nil }
    let start = "\(late.counted(metric)) \(late == 1 ? "was" : "were") counted"
    guard atEnd.lastSeenAt < evidence.end else { return "\(start) after the month's end" }
    return "\(start) since the reading of \(atEnd.lastSeenAt.words(in: .gmt)), the last before the month's end"
  }

  /// The way of counting that is nearest to what is invoiced; the first of several.
  private static func counting(
    of metric: Metric, used: Int64, invoiced: ExactDecimal?, _ expected: ExpectedMonth?
  ) -> ExpectedMonth.Counting {
    let whole = ExpectedMonth.Counting(quantity: used, way: .used)
    guard let invoiced, let countings = expected?.countings(of: metric, used: used) else { return whole }
    return countings.min {
      (invoiced - ExactDecimal($0.quantity)).absolute < (invoiced - ExactDecimal($1.quantity)).absolute
    } ?? whole
  }
}

extension UsageComparison {
  private var invoicedText: String {
    let quantity = figures.invoicedQuantity.map { $0.counted(metric) } ?? "no quantity"
    let amount = currency.map { " for \(Money(lines.amount, $0))" } ?? ""
    return "the invoice has \(quantity)\(amount)"
  }

  private var ledgerText: String { figures.ledger.map { "; our ledger has \($0.grouped)" } ?? "" }

  private func quantitiesText(_ used: Int64, _ counting: ExpectedMonth.Counting) -> String {
    let counted = used.counted(metric)
    let vendor =
      switch counting.way {
      case .used: "the vendor counts \(counted)"
      case .billable:
        "of \(counted) that the vendor counts \(counting.quantity.grouped) "
          + "\(counting.quantity == 1 ? "has" : "have") a price"
      case .packages:
        "the vendor counts \(counted), \(used == 1 ? "which is" : "which are") \(counting.quantity.counted("package"))"
      }
    guard !lines.isEmpty else { return vendor + ledgerText }
    guard let invoiced = figures.invoicedQuantity, let variance = figures.quantityVariance else {
      return "the invoice states no quantity, \(vendor)\(ledgerText)"
    }
    let difference = variance.isZero ? "" : " (\(variance.signed))"
    return "the invoice has \(invoiced.grouped())\(difference), \(vendor)\(ledgerText)"
  }

  private func amountText(_ variance: ExactDecimal, _ currency: Currency) -> String {
    let expected = currency.shown(figures.expectedAmount ?? .zero)
    guard !variance.isZero else { return "the amount of \(expected) \(currency) agrees" }
    let invoiced = currency.shown(figures.invoicedAmount ?? .zero)
    return "\(invoiced) instead of \(expected) \(currency) (\(variance.signed(in: currency)))"
  }
}

extension [InvoiceLine] {
  /// The lines' ids for a sentence, at most three.
  var names: String {
    let shown = prefix(3).map { "\($0.key.line) of \($0.key.invoice)" }.joined(separator: ", ")
    return count > 3 ? "\(shown) and \((count - 3).grouped) more" : "line \(shown)"
  }
}

extension ExactDecimal {
  var signed: String { isNegative ? grouped() : "+\(grouped())" }

  func signed(in currency: Currency) -> String { (isNegative ? "" : "+") + currency.shown(self) }
}
