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

  /// One line, such as `24 rows: 21 matched, 3 over_billed; invoiced less expected: +12.40 EUR`.
  package var text: String {
    guard totals.rows > 0 else { return "nothing to reconcile" }
    let parts = ReconciliationStatus.allCases.filter { totals.rows(of: $0) > 0 }.map { status in
      "\(totals.rows(of: status).grouped) \(status.rawValue)"
    }
    let sums = totals.currencies.compactMap { currency in
      currency.flatMap { currency in totals.sums(in: currency).map { ($0, currency) } }
    }
    func amounts(_ amount: (ReconciliationTotals.Sums) -> ExactDecimal?, isSigned: Bool) -> [String] {
      sums.compactMap { sums, currency -> String? in
        guard let amount = amount(sums), !amount.isZero else { return nil }
        return "\(isSigned && !amount.isNegative ? "+" : "")\(Money(amount, currency))"
      }
    }
    let difference = amounts(\.variance, isSigned: true).joined(separator: ", ")
    let alone =
      amounts(\.invoicedAlone, isSigned: false).map { "\($0) invoiced" }
      + amounts(\.expectedAlone, isSigned: false).map { "\($0) expected" }
    return "\(totals.rows.counted("row")): \(parts.joined(separator: ", "))"
      + (difference.isEmpty ? "" : "; invoiced less expected: \(difference)")
      + (alone.isEmpty ? "" : "; not compared: \(alone.joined(separator: ", "))")
  }
}
