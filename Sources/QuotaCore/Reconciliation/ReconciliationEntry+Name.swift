extension ReconciliationEntry {
  /// The name of the row within its organization's month, by which a person accepts or disputes it: `usage/pages`,
  /// `purchase`, `tax`, `credit` for what the plan takes off, or for a line that stands alone its category, invoice and line, as `credit/INV-7/3`. A line that
  /// is not understood is a `line`, and what an invoice says that it comes to a `total`. Behind the name of a claim in
  /// another currency stands that: `purchase/USD`.
  package var name: String {
    guard !isUnknownLine else { return lineName("line") }
    guard finding.reason != .invoiceTotal else { return lineName("total") }
    let foreign = isForeign ? currency.map { "/\($0)" } ?? "" : ""
    switch (category, metric) {
    case (.usage?, let metric?): return "usage/\(metric.rawValue)\(foreign)"
    case (.purchase?, _): return "purchase\(foreign)"
    case (.tax?, _): return "tax\(foreign)"
    case (.credit?, nil) where figures.expectedAmount?.isZero == false: return "credit"
    case (let category, _): return lineName(category?.rawValue ?? "line")
    }
  }

  /// Whether the row is a line of an invoice that is not understood, and not one that such a line keeps from matching.
  private var isUnknownLine: Bool {
    finding.reason == .unknownLine && figures.expectedAmount == nil && figures.vendorUsage == nil
  }

  private func lineName(_ word: String) -> String {
    let line = invoiceLines.first
    return [word, line?.invoice, line?.line].compactMap { $0 }.joined(separator: "/")
  }

  /// What was looked at when a row is accepted or disputed: while these figures are the same, so is what was said.
  package var reviewedFigures: String {
    let values: [String?] = [
      finding.status.rawValue, finding.reason?.rawValue, currency?.description, figures.vendorUsage?.description,
      figures.ledger?.description, figures.invoicedQuantity?.description, figures.expectedAmount?.description,
      figures.invoicedAmount?.description,
    ]
    return values.map { $0 ?? "-" }.joined(separator: " ")
  }

  /// What the row shows to who is about to accept or dispute it: these figures, and what a person has said of them.
  package var shown: String { [reviewedFigures, review?.text].compactMap { $0 }.joined(separator: "; ") }
}
