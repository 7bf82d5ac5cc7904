package import QuotaCore

/// What a reconciliation comes to.
package struct ReconciliationSummary: Sendable {
  package private(set) var totals = ReconciliationTotals()
  /// The months of which nothing at all is known: not read, not counted and not invoiced.
  package internal(set) var unknownMonths: [BillingMonth] = []
  /// Whether that is all that was asked for.
  package internal(set) var knowsNothing = false

  package init() {}

  package mutating func add(_ month: ReconciledMonth) { totals.add(month) }

  /// Whether a row has one of these statuses.
  package func contains(_ statuses: Set<ReconciliationStatus>) -> Bool {
    statuses.contains { totals.rows(of: $0) > 0 }
  }

  /// One line, such as `24 rows: 21 matched, 3 over_billed; +12.40 EUR in all`.
  package var text: String {
    guard totals.rows > 0 else { return "nothing to reconcile" }
    let parts = ReconciliationStatus.allCases.filter { totals.rows(of: $0) > 0 }.map { status in
      "\(totals.rows(of: status).grouped) \(status.rawValue)"
    }
    let sums = totals.currencies.compactMap { currency -> String? in
      guard let currency, let sum = totals.sums(in: currency)?.variance, !sum.isZero else { return nil }
      return "\(sum.isNegative ? "" : "+")\(Money(sum, currency))"
    }
    let difference = sums.isEmpty ? "" : "; invoiced less expected: \(sums.joined(separator: ", "))"
    return "\(totals.rows.counted("row")): \(parts.joined(separator: ", "))\(difference)"
  }
}
