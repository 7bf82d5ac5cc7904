/// One row of the reconciliation: a metric's usage, the fees, the tax, or a line of the invoice that stands alone.
package struct ReconciliationEntry: Hashable, Sendable {
  package let category: ChargeCategory?
  /// What is counted, of usage.
  package let metric: Metric?
  /// Of the amounts; nil where there are none.
  package let currency: Currency?
  /// Whether it is a claim in another currency than the row that it would belong to.
  package let isForeign: Bool
  /// The lines of invoices that the row is about, in the order of their keys.
  package let invoiceLines: [InvoiceLineKey]
  /// Nil without lines; the least final one of several.
  package let issueStatus: InvoiceIssueStatus?
  package let figures: Figures
  /// What the comparison says, before anybody has accepted or disputed it.
  package let finding: Finding
  /// What a person has said of the row, if its figures are still the same.
  package var review: Review?

  package init(
    category: ChargeCategory?, metric: Metric?, currency: Currency?, isForeign: Bool = false,
    invoiceLines: [InvoiceLineKey], issueStatus: InvoiceIssueStatus?, figures: Figures, finding: Finding,
    review: Review? = nil
  ) {
    self.category = category
    self.metric = metric
    self.currency = currency
    self.isForeign = isForeign
    self.invoiceLines = invoiceLines
    self.issueStatus = issueStatus
    self.figures = figures.whereNothingIsInvoiced(
      [.missingInvoice, .underBilled, .overBilled].contains(finding.status))
    self.finding = finding
    self.review = review
  }

  /// The row with another finding.
  func with(_ finding: Finding) -> ReconciliationEntry {
    ReconciliationEntry(
      category: category, metric: metric, currency: currency, isForeign: isForeign, invoiceLines: invoiceLines,
      issueStatus: issueStatus, figures: figures, finding: finding, review: review)
  }

  /// What the report says of the row.
  package var status: ReconciliationStatus { review?.status ?? finding.status }

  /// The explanation in words, with the figures, and then what a person has noted.
  package var note: String {
    guard let review else { return finding.explanation }
    return "\(finding.explanation)\(finding.explanation.isEmpty ? "" : "; ")\(review.text)"
  }
}

extension ReconciliationEntry {
  /// What is compared. Quantities are pages or conversions, amounts are in the major unit and without tax except in the
  /// row of the tax. What is not known is nil.
  package struct Figures: Hashable, Sendable {
    package var vendorUsage: Int64?
    /// What our own ledger has counted.
    package var ledger: Int64?
    package var invoicedQuantity: ExactDecimal?
    /// Invoiced less the vendor's, in the way that the invoice counts.
    package var quantityVariance: ExactDecimal?
    package var expectedAmount: ExactDecimal?
    package var invoicedAmount: ExactDecimal?
    /// Invoiced less expected. Where what is due is missing from the invoice, nothing was invoiced.
    package var amountVariance: ExactDecimal?
    /// What still counts as matched.
    package var quantityTolerance: ExactDecimal?
    package var amountTolerance: ExactDecimal?

    package init() {}

    /// The same with the variance of what no line claims.
    ///
    /// - Parameter isMissing: whether a line ought to; otherwise nobody can say what it would come to.
    fileprivate func whereNothingIsInvoiced(_ isMissing: Bool) -> Figures {
      guard invoicedAmount == nil, let expectedAmount else { return self }
      var figures = self
      figures.amountVariance = isMissing ? -expectedAmount : nil
      return figures
    }

    /// The amount's variance in percent of what is expected, half away from zero to two places; nil where nothing is
    /// expected.
    package var amountVariancePercent: ExactDecimal? {
      guard let amountVariance, let expectedAmount, !expectedAmount.isZero else { return nil }
      return (amountVariance * ExactDecimal(100)).divided(by: expectedAmount.absolute, decimals: 2)
    }
  }

  /// What the comparison says.
  package struct Finding: Hashable, Sendable {
    package let status: ReconciliationStatus
    /// Why, of everything that is not simply matched.
    package let reason: ReconciliationReason?
    /// In words, with the figures; empty for what is matched exactly.
    package let explanation: String

    package init(_ status: ReconciliationStatus, _ reason: ReconciliationReason? = nil, _ explanation: String = "") {
      self.status = status
      self.reason = reason
      self.explanation = explanation
    }
  }

  /// What a person has said of a row.
  package struct Review: Hashable, Sendable {
    /// `accepted` or `disputed`.
    package let status: ReconciliationStatus
    /// Such as `accepted by ana on 2026-11-05: agreed by mail`.
    package let text: String

    package init(status: ReconciliationStatus, text: String) {
      self.status = status
      self.text = text
    }
  }
}

/// What a row of the reconciliation comes to.
package enum ReconciliationStatus: String, Hashable, CaseIterable, Codable, Sendable {
  case matched
  case matchedWithinTolerance = "matched_within_tolerance"
  /// The invoice claims more than it should.
  case overBilled = "over_billed"
  case underBilled = "under_billed"
  /// Something is due and no invoice claims it.
  case missingInvoice = "missing_invoice"
  /// An invoice claims usage of a month that was never read.
  case missingUsage = "missing_usage"
  /// The month or the invoice is not final yet.
  case pending
  /// There is nothing to compare with, or it is not in the same currency, or not understood.
  case notComparable = "not_comparable"
  case disputed
  case accepted
}

/// Why a row is not simply matched.
package enum ReconciliationReason: String, Hashable, CaseIterable, Codable, Sendable {
  /// The quantities differ.
  case quantityVariance = "quantity_variance"
  /// The quantities agree and the prices do not.
  case unitPriceVariance = "unit_price_variance"
  /// Not more than rounding the lines one by one can make.
  case rounding
  /// Not more than the executions that straddle the month's turn.
  case cutoffTiming = "cutoff_timing"
  /// The invoice has what the vendor had counted earlier.
  case lateUsage = "late_usage"
  /// The invoice has what the vendor says since the month was closed.
  case correctionAfterClose = "correction_after_close"
  case credit
  case tax
  /// A part of the month is charged.
  case proration
  /// A line of the invoice is not understood.
  case unknownLine = "unknown_line"
  /// The invoice claims the same twice.
  case duplicateLine = "duplicate_line"
  /// What the invoice says that it comes to is not the sum of its lines.
  case invoiceTotal = "invoice_total"
}
