/// What the ledger holds of one organization and month.
///
/// An execution belongs to the month in which it ended, in the billing time zone, and while it has not ended to the one
/// in which it was requested.
package struct LedgerMonth: Hashable, Sendable {
  package let organization: OrganizationID
  package let month: BillingMonth
  package var counts: [ExecutionKind: LedgerCount]

  package init(organization: OrganizationID, month: BillingMonth, counts: [ExecutionKind: LedgerCount] = [:]) {
    self.organization = organization
    self.month = month
    self.counts = counts
  }

  /// All kinds together.
  package var total: LedgerCount { counts.values.reduce(LedgerCount(), +) }
}

/// How many executions, by what became of them.
package struct LedgerCount: Hashable, Sendable {
  /// Ended well: these count as usage.
  package var succeeded: Int64 = 0
  package var failed: Int64 = 0
  /// Not ended, as far as we know.
  package var open: Int64 = 0
  /// Those of ``open`` that are no longer asked for.
  package var givenUp: Int64 = 0
  /// The pages of those that ended well, as far as they were told.
  package var pages: Int64 = 0
  /// How many of those that ended well have told no pages.
  package var withoutPages: Int64 = 0
  /// Ended well in this month, but requested before it began: the vendor may count them in the month before.
  package var straddlingStart: Int64 = 0
  /// Requested in this month, but ended well after it: the vendor may count them here.
  package var straddlingEnd: Int64 = 0

  package init() {}

  /// How many of the executions may stand in another month on the vendor's side than on ours.
  package var straddling: Int64 { straddlingStart + straddlingEnd }

  package static func + (first: LedgerCount, second: LedgerCount) -> LedgerCount {
    var sum = first
    sum.succeeded += second.succeeded
    sum.failed += second.failed
    sum.open += second.open
    sum.givenUp += second.givenUp
    sum.pages += second.pages
    sum.withoutPages += second.withoutPages
    sum.straddlingStart += second.straddlingStart
    sum.straddlingEnd += second.straddlingEnd
    return sum
  }
}
