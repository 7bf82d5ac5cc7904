package import FoundationEssentials

/// All that is known of one organization's month when it is reconciled. Everything that compares it shares it.
package final class MonthEvidence {
  package let organization: Organization
  package let month: BillingMonth
  /// The latest reading; nil for a month that was never read.
  package let latest: Snapshot?
  /// What the month includes.
  package let quota: Quota
  /// What it is held against.
  package let plan: AgreedPlan
  /// The closing that holds; nil for a month that is not closed.
  package let closing: Closing?
  package let status: PeriodStatus
  /// Whether the month has ended.
  package let isOver: Bool
  /// What our ledger holds of it; nil where it holds nothing.
  package let ledger: LedgerMonth?
  /// The present lines of invoices, in the order of their keys.
  package let lines: [InvoiceLine]
  /// Lines that are not understood and may belong to this month: those of its own invoices that name no organization or
  /// no month.
  package let strayLines: [InvoiceLine]
  /// What the invoices say that they come to that are of this organization and month alone.
  package let totals: [InvoiceTotals]
  /// The month's readings around its end and after it, oldest first: asked for only where a quantity differs.
  package let lateReadings: () throws -> [Snapshot]
  /// The end of the month.
  package let end: Date

  package init(
    organization: Organization, month: BillingMonth, latest: Snapshot?, quota: Quota = Quota(), plan: AgreedPlan,
    closing: Closing?, status: PeriodStatus,
    isOver: Bool, ledger: LedgerMonth?, lines: [InvoiceLine], strayLines: [InvoiceLine],
    totals: [InvoiceTotals] = [], end: Date, lateReadings: @escaping () throws -> [Snapshot]
  ) {
    self.organization = organization
    self.month = month
    self.latest = latest
    self.quota = quota
    self.plan = plan
    self.closing = closing
    self.status = status
    self.isOver = isOver
    self.ledger = ledger
    self.lines = lines
    self.strayLines = strayLines
    self.totals = totals
    self.end = end
    self.lateReadings = lateReadings
  }

  /// The counters that count: those of the closing, or else the latest.
  var counters: Counters? {
    if let closed = closing?.closedMonth { return closed.snapshot?.counters }
    return latest?.counters
  }

  var snapshotID: Int64? {
    if let closed = closing?.closedMonth { return closed.snapshot?.id }
    return latest?.id
  }

  /// What the ledger has counted of a metric; nil for pages where executions that ended well have told none.
  func ledgerQuantity(of metric: Metric) -> Int64? {
    guard let total = ledger?.total else { return nil }
    switch metric {
    case .conversions: return total.succeeded
    case .pages: return total.withoutPages == 0 ? total.pages : nil
    }
  }
}
