/// What rows of a reconciliation come to, by status and currency.
package struct ReconciliationTotals: Hashable, Sendable {
  /// The figures of some rows, added up as far as there are any. Amounts include tax where rows of tax are among them.
  package struct Sums: Hashable, Sendable {
    package private(set) var rows = 0
    package private(set) var expected: ExactDecimal?
    package private(set) var invoiced: ExactDecimal?
    /// Invoiced less expected, where that can be said.
    package private(set) var variance: ExactDecimal?
    /// What is invoiced, and what is expected, in rows where it cannot be said.
    package private(set) var invoicedAlone = ExactDecimal.zero
    package private(set) var expectedAlone = ExactDecimal.zero

    fileprivate mutating func add(_ figures: ReconciliationEntry.Figures) {
      rows += 1
      if let more = figures.expectedAmount { expected = (expected ?? .zero) + more }
      if let more = figures.invoicedAmount { invoiced = (invoiced ?? .zero) + more }
      guard let more = figures.amountVariance else {
        invoicedAlone += figures.invoicedAmount ?? .zero
        expectedAlone += figures.expectedAmount ?? .zero
        return
      }
      variance = (variance ?? .zero) + more
    }

    fileprivate mutating func add(_ other: Sums) {
      rows += other.rows
      if let more = other.expected { expected = (expected ?? .zero) + more }
      if let more = other.invoiced { invoiced = (invoiced ?? .zero) + more }
      if let more = other.variance { variance = (variance ?? .zero) + more }
      invoicedAlone += other.invoicedAlone
      expectedAlone += other.expectedAlone
    }
  }

  private struct Part: Hashable, Sendable {
    let status: ReconciliationStatus
    let currency: Currency?
    var sums = Sums()
  }

  /// A few, since there are few statuses and fewer currencies.
  private var parts: [Part] = []

  package init() {}

  package mutating func add(_ month: ReconciledMonth) {
    for entry in month.entries { add(entry) }
  }

  package mutating func add(_ entry: ReconciliationEntry) {
    if let index = parts.firstIndex(where: { $0.status == entry.status && $0.currency == entry.currency }) {
      return parts[index].sums.add(entry.figures)
    }
    var part = Part(status: entry.status, currency: entry.currency)
    part.sums.add(entry.figures)
    parts.append(part)
  }

  /// The statuses that there are: first those that leave something to do.
  package var statuses: [ReconciliationStatus] {
    ReconciliationStatus.ranked.filter { rows(of: $0) > 0 }
  }

  /// The currencies that there are, in their order; nil, which comes last, for rows without amounts.
  package var currencies: [Currency?] {
    let known = Set(parts.compactMap(\.currency)).sorted()
    return known + (parts.contains { $0.currency == nil } ? [nil] : [])
  }

  package var rows: Int { parts.reduce(0) { $0 + $1.sums.rows } }

  package func rows(of status: ReconciliationStatus) -> Int {
    parts.reduce(0) { $0 + ($1.status == status ? $1.sums.rows : 0) }
  }

  /// What the rows of a currency come to, of all statuses or of one of them; nil if there are none.
  package func sums(in currency: Currency?, of status: ReconciliationStatus? = nil) -> Sums? {
    let chosen = parts.filter { $0.currency == currency && (status == nil || $0.status == status) }
    guard !chosen.isEmpty else { return nil }
    return chosen.reduce(into: Sums()) { $0.add($1.sums) }
  }
}

extension ReconciliationStatus {
  /// The statuses that leave nothing to do.
  package static let settled: Set<ReconciliationStatus> = [.matched, .matchedWithinTolerance, .accepted]

  /// All, first those that leave something to do.
  package static let ranked = allCases.filter { !settled.contains($0) } + allCases.filter(settled.contains)
}

/// What a reconciliation comes to, in all and by organization.
package struct ReconciliationOverview: Sendable {
  package struct Row: Sendable {
    /// Nil for lines of invoices that name no organization of ours.
    package let id: OrganizationID?
    package let name: String?
    package fileprivate(set) var totals = ReconciliationTotals()
    /// In the order of the report; nil for lines whose month is not known.
    package fileprivate(set) var months: [BillingMonth?] = []
  }

  package private(set) var totals = ReconciliationTotals()
  /// In the order of the report.
  package private(set) var organizations: [Row] = []

  package init() {}

  /// Adds a month; those of an organization follow each other.
  package mutating func add(_ month: ReconciledMonth) {
    totals.add(month)
    let last = organizations.last
    if last == nil || last?.id != month.organization || last?.name != month.organizationName {
      organizations.append(Row(id: month.organization, name: month.organizationName))
    }
    organizations[organizations.count - 1].totals.add(month)
    organizations[organizations.count - 1].months.append(month.month)
  }
}
