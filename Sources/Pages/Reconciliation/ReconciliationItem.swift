import QuotaCore

/// A row of the reconciliation.
struct ReconciliationItem {
  private let month: ReconciledMonth
  private let entry: ReconciliationEntry

  init(_ month: ReconciledMonth, _ entry: ReconciliationEntry) {
    (self.month, self.entry) = (month, entry)
  }

  var fields: PageFields {
    let figures = entry.figures
    return [
      "name": .text(month.organizationName ?? month.organization?.rawValue ?? "No organization of ours"),
      "href": .text(ifAny: month.organization.map { PageLink.organization($0) }), "title": .text(entry.title),
      "lines": .list(entry.invoiceLines.map { ["invoice": .text($0.invoice), "line": .text($0.line)] }),
      "vendor": .text(figures.vendorUsage?.grouped ?? ""), "ledger": .text(figures.ledger?.grouped ?? ""),
      "invoiced": .text(figures.invoicedQuantity?.grouped() ?? ""),
      "quantity": .text(figures.quantityVariance.map(Self.signed) ?? ""),
      "expected": .text(figures.expectedAmount.in(entry.currency) ?? ""),
      "claimed": .text(figures.invoicedAmount.in(entry.currency) ?? ""),
      "variance": .text(ifAny: figures.amountVariance.in(entry.currency)),
      "percent": .text(ifAny: figures.amountVariancePercent.map { "\($0.grouped(minimumDecimals: 2)) %" }),
      "badge": .markup(entry.status.badge.markup), "reason": .text(ifAny: entry.finding.reason?.words),
      "review": review,
      "note": .text(ifAny: entry.note.isEmpty ? nil : entry.note),
    ]
  }

  /// What names the row, where a person is to look at it.
  private var review: PageValue {
    guard let organization = month.organization, entry.status != .pending,
      entry.status == .accepted || !ReconciliationStatus.settled.contains(entry.status)
    else { return .none }
    return .fields([
      "organization": .text(organization.rawValue), "row": .text(entry.name), "shown": .text(entry.shown),
    ])
  }

  private static func signed(_ number: ExactDecimal) -> String {
    (number.isNegative || number.isZero ? "" : "+") + number.grouped()
  }
}
