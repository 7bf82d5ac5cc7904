package import QuotaCore

/// What a reconciliation comes to.
package struct ReconciliationSummary: Sendable {
  package private(set) var rows = 0
  package private(set) var counts: [ReconciliationStatus: Int] = [:]
  /// Invoiced less expected, where both are known.
  package private(set) var variances: [Currency: ExactDecimal] = [:]
  /// The months of which nothing at all is known: not read, not counted and not invoiced.
  package internal(set) var unknownMonths: [BillingMonth] = []
  /// Whether that is all that was asked for.
  package internal(set) var knowsNothing = false

  package init() {}

  package mutating func add(_ month: ReconciledMonth) {
    for entry in month.entries {
      rows += 1
      counts[entry.status, default: 0] += 1
      if let currency = entry.currency, let variance = entry.figures.amountVariance {
        variances[currency, default: .zero] += variance
      }
    }
  }

  /// The statuses that leave nothing to do.
  package static let settled: Set<ReconciliationStatus> = [.matched, .matchedWithinTolerance, .accepted]

  /// Whether a row has one of these statuses.
  package func contains(_ statuses: Set<ReconciliationStatus>) -> Bool {
    statuses.contains { counts[$0, default: 0] > 0 }
  }

  /// One line, such as `24 rows: 21 matched, 3 over_billed; +12.40 EUR in all`.
  package var text: String {
    guard rows > 0 else { return "nothing to reconcile" }
    let parts = ReconciliationStatus.allCases.compactMap { status in
      counts[status].map { "\($0.grouped) \(status.rawValue)" }
    }
    let sums = variances.sorted { $0.key < $1.key }.filter { !$0.value.isZero }.map { currency, sum in
      "\(sum.isNegative ? "" : "+")\(Money(sum, currency))"
    }
    let difference = sums.isEmpty ? "" : "; invoiced less expected: \(sums.joined(separator: ", "))"
    return "\(rows.counted("row")): \(parts.joined(separator: ", "))\(difference)"
  }
}
