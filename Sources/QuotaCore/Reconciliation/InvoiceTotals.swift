/// What an invoice says that it comes to, beside its lines.
package struct InvoiceTotals: Sendable {
  private let stated: [StatedTotal]
  private let lines: [InvoiceLine]

  /// - Parameters:
  ///   - stated: what the invoice says, in whatever currencies.
  ///   - lines: all of its present lines.
  package init(_ stated: [StatedTotal], _ lines: [InvoiceLine]) {
    self.stated = stated
    self.lines = lines
  }

  /// A row for each total that is not the sum of its lines. Its amount is what no line explains, so that the rows of an
  /// invoice add up to what it says.
  package func entries(_ tolerance: Tolerance) -> [ReconciliationEntry] {
    var explained: [Currency: ExactDecimal] = [:]
    return stated.sorted { ($0.currency, $0.kind) < ($1.currency, $1.kind) }.compactMap { total in
      let sum = total.sum(of: lines)
      var difference = total.amount - sum
      // Net and tax come first: what they explain of the total is not told twice.
      if total.kind == .total { difference = difference - (explained[total.currency] ?? .zero) }
      explained[total.currency, default: .zero] += difference
      return difference.isZero ? nil : entry(total, sum, difference, tolerance)
    }
  }

  private func entry(
    _ total: StatedTotal, _ sum: ExactDecimal, _ difference: ExactDecimal, _ tolerance: Tolerance
  ) -> ReconciliationEntry {
    var figures = ReconciliationEntry.Figures()
    figures.expectedAmount = .zero
    figures.invoicedAmount = difference
    figures.amountVariance = difference
    let limit = tolerance.limit(ofAmount: total.amount, in: total.currency, rows: lines.count)
    figures.amountTolerance = limit
    let status: ReconciliationStatus =
      difference.absolute <= limit ? .matchedWithinTolerance : difference.isNegative ? .underBilled : .overBilled
    return ReconciliationEntry(
      category: total.kind == .tax ? .tax : nil, metric: nil, currency: total.currency,
      invoiceLines: [InvoiceLineKey(invoice: total.invoice, line: total.kind.rawValue)],
      issueStatus: lines.issueStatus, figures: figures,
      finding: .init(
        status, .invoiceTotal,
        "\(total.invoice) states a \(total.kind.words) of \(Money(total.amount, total.currency).exact), and its lines "
          + "come to \(Money(sum, total.currency).exact) (\((total.amount - sum).signed(in: total.currency)))"))
  }
}
