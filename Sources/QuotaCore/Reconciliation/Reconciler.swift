/// Compares what the vendor counted, what our ledger counted and what the invoice says of a month.
///
/// One row for each metric that is used, priced or invoiced; one for the fees together, one for the tax, and one for
/// every credit, adjustment and line that is not understood. `docs/reconciliation.md` has the rules in words.
package struct Reconciler {
  private let evidence: MonthEvidence
  private let tolerances: Tolerances
  private let expected: ExpectedMonth?
  private let lines: LinesByRow

  /// - Parameter tolerances: those of the organization's plan.
  package static func reconcile(_ evidence: MonthEvidence, _ tolerances: Tolerances) throws -> ReconciledMonth {
    let entries = try Reconciler(evidence, tolerances).entries()
    return ReconciledMonth(
      organization: evidence.organization.id, organizationName: evidence.organization.name, month: evidence.month,
      periodStatus: evidence.status, pricePlan: evidence.plan.title,
      snapshot: evidence.snapshotID, quota: evidence.quota, closedAt: evidence.closing?.entry.actedAt, entries: entries)
  }

  private init(_ evidence: MonthEvidence, _ tolerances: Tolerances) {
    self.evidence = evidence
    self.tolerances = tolerances
    // Fees are due without any reading; a month that was never read has no usage to price.
    let isRead = evidence.counters != nil
    let lines = LinesByRow(evidence.lines)
    expected = evidence.plan.prices?.calculation(of: evidence.month, evidence.counters ?? .zero).map {
      Self.expected($0, isRead: isRead, by: lines)
    }
    self.lines = lines
  }

  /// An invoice may have discounts as lines of their own or in its other amounts: the way counts that is nearer to it.
  private static func expected(_ calculation: PriceCalculation, isRead: Bool, by lines: LinesByRow) -> ExpectedMonth {
    let apart = ExpectedMonth(calculation, isRead: isRead, reductionsApart: true)
    guard apart.reductions != nil else { return apart }
    let within = ExpectedMonth(calculation, isRead: isRead, reductionsApart: false)
    return within.distance(to: lines) < apart.distance(to: lines) ? within : apart
  }

  private func entries() throws -> [ReconciliationEntry] {
    var entries = try Metric.allCases.sorted().flatMap(usage)
    entries += fees()
    entries += lowering()
    entries += taxes(net: entries)
    entries += evidence.totals.flatMap { $0.entries(tolerances.amount) }
    let gate = FinalityGate(evidence, unknown: lines.unknown + evidence.strayLines)
    return entries.map(gate.passing) + lines.unknown.map { ReconciliationEntry(unknown: $0) }
  }

  private func usage(of metric: Metric) throws -> [ReconciliationEntry] {
    let lines = LinesByCurrency(lines.usage[metric] ?? [], plan: planCurrency, unpriced: evidence.plan.unpriced)
    let used = evidence.counters?[metric]
    let ledger = evidence.ledgerQuantity(of: metric)
    guard expected?.amount(of: metric) != nil || !lines.isEmpty || used ?? 0 != 0 || ledger ?? 0 != 0 else { return [] }
    let comparison = UsageComparison(
      metric: metric, lines: lines.own, used: used, expected: expected, evidence: evidence, tolerances: tolerances)
    let finding = try comparison.finding()
    let entry = ReconciliationEntry(
      category: .usage, metric: metric, currency: comparison.currency, invoiceLines: lines.own.map(\.key),
      issueStatus: lines.own.issueStatus, figures: comparison.figures, finding: finding)
    return lines.entries(beside: entry)
  }

  private func fees() -> [ReconciliationEntry] {
    guard expected?.fees != nil || !lines.purchases.isEmpty || evidence.plan.isGone else { return [] }
    return amounts(.purchase, lines.purchases, expected: expected.map { $0.fees ?? .zero }) { comparison in
      comparison.finding(ofFees: self.expected, in: evidence.month)
    }
  }

  /// Adjustments and credits: together where the plan says by how much the bill is lowered, otherwise each by itself.
  private func lowering() -> [ReconciliationEntry] {
    guard let reductions = expected?.reductions, !isNothing(reductions, lines.reductions) else {
      return lines.adjustments.map { line($0, AmountComparison.finding(ofAdjustment: $0)) }
        + lines.credits.map { line($0, AmountComparison.finding(ofCredit: $0)) }
    }
    return lines.adjustments.filter { !$0.isReduction }.map { line($0, AmountComparison.finding(ofAdjustment: $0)) }
      + amounts(.credit, lines.reductions, expected: reductions) { $0.findingOfReductions }
  }

  /// What is not billed, and not expected to be.
  private func isNothing(_ reductions: ExactDecimal, _ lines: [InvoiceLine]) -> Bool {
    lines.isEmpty && planCurrency?.rounded(reductions).isZero == true
  }

  private func taxes(net entries: [ReconciliationEntry]) -> [ReconciliationEntry] {
    guard let expected, expected.tax != nil else {
      guard !lines.taxes.isEmpty else { return [] }
      return amounts(.tax, lines.taxes, expected: nil) { comparison in comparison.findingOfTaxWithoutPercentage }
    }
    guard expected.isRead else {
      guard !lines.taxes.isEmpty else { return [] }
      return amounts(.tax, lines.taxes, expected: nil) { $0.findingOfTaxOfUnreadMonth }
    }
    let invoicedNet = entries.filter { $0.currency == planCurrency }.compactMap(\.figures.invoicedAmount).sum()
    return amounts(.tax, lines.taxes, expected: expected.tax) { comparison in
      comparison.finding(
        ofTax: expected, invoicedNet: invoicedNet, expectedNet: expected.calculation.subtotal,
        isInvoiced: !evidence.lines.isEmpty)
    }
  }

  private func amounts(
    _ category: ChargeCategory, _ all: [InvoiceLine], expected amount: ExactDecimal?,
    _ finding: (AmountComparison) -> ReconciliationEntry.Finding
  ) -> [ReconciliationEntry] {
    let lines = LinesByCurrency(all, plan: planCurrency, unpriced: evidence.plan.unpriced)
    let comparison = AmountComparison(
      lines: lines.own, expected: amount, split: expected?.isSplit ?? false, planCurrency: planCurrency,
      tolerance: tolerances.amount, unpriced: evidence.plan.unpriced, isOver: evidence.isOver)
    let entry = ReconciliationEntry(
      category: category, metric: nil, currency: comparison.currency, invoiceLines: lines.own.map(\.key),
      issueStatus: lines.own.issueStatus, figures: comparison.figures, finding: finding(comparison))
    return lines.entries(beside: entry)
  }

  private var planCurrency: Currency? { expected?.calculation.currency }

  /// The row of a line that nothing of the plan is compared with.
  private func line(_ line: InvoiceLine, _ finding: ReconciliationEntry.Finding) -> ReconciliationEntry {
    let content = line.content
    let isForeign = planCurrency.map { $0 != content.currency } ?? false
    var figures = ReconciliationEntry.Figures()
    figures.invoicedAmount = content.amount
    figures.invoicedQuantity = content.claimedQuantity
    if !isForeign {
      figures.expectedAmount = .zero
      figures.amountVariance = content.amount
    }
    return ReconciliationEntry(
      category: content.category, metric: content.metric, currency: content.currency, isForeign: isForeign,
      invoiceLines: [line.key], issueStatus: content.issueStatus, figures: figures,
      finding: isForeign && !content.amount.isZero
        ? .init(.notComparable, finding.reason, finding.explanation) : finding)
  }
}

/// A month's lines by the row that they belong to.
struct LinesByRow {
  var usage: [Metric: [InvoiceLine]] = [:]
  var purchases: [InvoiceLine] = []
  var taxes: [InvoiceLine] = []
  var credits: [InvoiceLine] = []
  var adjustments: [InvoiceLine] = []
  var unknown: [InvoiceLine] = []

  init(_ lines: [InvoiceLine]) {
    for line in lines {
      guard line.content.unknownBecause == nil else {
        unknown.append(line)
        continue
      }
      switch (line.content.category, line.content.metric) {
      case (.usage?, let metric?): usage[metric, default: []].append(line)
      // A correction of a quantity belongs to what it corrects.
      case (.adjustment?, let metric?) where line.content.quantity != nil,
        (.credit?, let metric?) where line.content.quantity != nil:
        usage[metric, default: []].append(line)
      case (.purchase?, _): purchases.append(line)
      case (.tax?, _): taxes.append(line)
      case (.credit?, _): credits.append(line)
      case (.adjustment?, _): adjustments.append(line)
      case (.usage?, nil), (nil, _): unknown.append(line)
      }
    }
  }
}

extension LinesByRow {
  /// What lowers the bill without being for a part of the month.
  var reductions: [InvoiceLine] { credits + adjustments.filter(\.isReduction) }
}

extension InvoiceLine {
  /// Whether an adjustment lowers the bill as a discount does.
  fileprivate var isReduction: Bool { content.amount.isNegative && !content.isProration }
}

extension [InvoiceLine] {
  /// Those whose amounts are in a currency.
  func `in`(_ currency: Currency) -> [InvoiceLine] { filter { $0.content.currency == currency } }

  /// The least final of the lines' states; nil without lines.
  var issueStatus: InvoiceIssueStatus? {
    if contains(where: { $0.content.issueStatus == .open }) { return .open }
    return first?.content.issueStatus
  }

  var amount: ExactDecimal { map(\.content.amount).sum() }

  /// The lines' quantities together, each with the sign of its amount; nil if none has one.
  var quantity: ExactDecimal? {
    let quantities = compactMap(\.content.claimedQuantity)
    return quantities.isEmpty ? nil : quantities.sum()
  }

  /// The lines that claim the same as one before them, under another id.
  var repetitions: [InvoiceLine] {
    var seen: Set<InvoiceLineContent> = []
    return filter { !$0.content.claimsNothing && !seen.insert($0.content).inserted }
  }
}

extension ReconciliationEntry {
  /// The row of a line that is not understood.
  package init(unknown line: InvoiceLine) {
    var figures = Figures()
    figures.invoicedQuantity = line.content.claimedQuantity
    figures.invoicedAmount = line.content.amount
    let description = line.content.description.map { " (\($0))" } ?? ""
    let reason = line.content.unknownBecause ?? "it does not say what it is for"
    self.init(
      category: line.content.category, metric: line.content.metric, currency: line.content.currency,
      invoiceLines: [line.key], issueStatus: line.content.issueStatus, figures: figures,
      finding: Finding(
        .notComparable, .unknownLine,
        "line \(line.key.line) of \(line.key.invoice)\(description) is not understood: \(reason)"))
  }
}
