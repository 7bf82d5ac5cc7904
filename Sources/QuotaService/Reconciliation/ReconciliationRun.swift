import FoundationEssentials
package import QuotaCore

/// Reconciles the months of all organizations one after the other, some organizations at a time, so that memory does not
/// grow with their number.
struct ReconciliationRun {
  private let months: ClosedRange<BillingMonth>
  private let organizations: [Organization]
  private let plans: [String: PricePlan]
  private let settings: ReconciliationSettings
  private let zone: TimeZone
  private let now: Date
  private let calendar: [(month: BillingMonth, end: Date, followingEnd: Date?)]
  private let reader: any StoreReader
  /// The lines that name no organization or no month.
  private let strays: [InvoiceLine]
  private let isLedgerUsed: Bool
  private let stated: StatedInvoices

  /// How many organizations are read at once.
  private static let chunk = 200

  /// - Parameters:
  ///   - only: these, whether they are still configured or not; nil for all that are configured, closed or invoiced.
  ///   - now: the moment for which it is decided which months are over.
  init(
    _ months: ClosedRange<BillingMonth>, only: [OrganizationID]?, _ configuration: Configuration, now: Date,
    in reader: any StoreReader
  ) throws {
    self.months = months
    self.reader = reader
    self.now = now
    plans = configuration.plans
    settings = configuration.reconciliation
    zone = configuration.billingTimeZone
    calendar = months.all.map { [zone = configuration.billingTimeZone] month in
      (month, month.period(in: zone).upperBound, month.advanced(by: 1)?.period(in: zone).upperBound)
    }
    let others = try reader.invoicedOrganizations(from: months.lowerBound, to: months.upperBound)
    organizations = try configuration.organizationsWithClosed(in: months, only, besides: others, reader)
    strays = try reader.unassignedInvoiceLines()
    isLedgerUsed = try reader.ledgerMonths().map { $0.overlaps(months) } ?? false
    stated = try StatedInvoices(in: reader)
  }

  /// Visits the months by organization, then invoices that are of several as a whole, and the lines that belong to nobody
  /// that is known.
  ///
  /// - Returns: the months of which anything is known that was not only agreed.
  func visit(_ body: (ReconciledMonth) throws -> Void) throws -> Set<BillingMonth> {
    var invoices: Set<String> = []
    var known: Set<BillingMonth> = []
    let strayInvoices = Set(strays.map(\.key.invoice))
    for start in stride(from: 0, to: organizations.count, by: Self.chunk) {
      let part = Array(organizations[start..<min(start + Self.chunk, organizations.count)])
      let stored = try Stored(part.map(\.id), months, in: reader, withLedger: isLedgerUsed)
      for organization in part {
        for (month, end, followingEnd) in calendar {
          guard let evidence = try evidence(organization, month, end, followingEnd, stored) else { continue }
          if evidence.isKnown { known.insert(month) }
          for line in evidence.lines where strayInvoices.contains(line.key.invoice) || stated.contains(line.key.invoice)
          {
            invoices.insert(line.key.invoice)
          }
          let reconciled = try Reconciler.reconcile(evidence, settings.tolerances(ofPlan: evidence.plan.name))
          if !reconciled.entries.isEmpty {
            try body(reconciled.reviewed(by: stored.reviews[organization.id]?[month] ?? [:]))
          }
        }
      }
    }
    let shown = try strays.filter { try concernsMonths($0, invoices) }
    for invoice in invoices.union(shown.map(\.key.invoice)).sorted() { try visitShared(invoice, body) }
    for line in shown {
      known.formUnion(line.content.month.map { [$0] } ?? months.all)
      try body(ReconciledMonth(stray: line))
    }
    return known
  }

  /// What an invoice says that it comes to, if it is of more than one organization or month.
  private func visitShared(_ invoice: String, _ body: (ReconciledMonth) throws -> Void) throws {
    guard let shared = try stated.shared(invoice, months) else { return }
    let entries = shared.totals.entries(settings.tolerances(ofPlan: nil).amount)
    guard !entries.isEmpty else { return }
    try body(ReconciledMonth(invoice: invoice, shared.month, entries))
  }

  /// What is known of a month; nil if there is nothing to be compared: nothing is known of it, and nothing was agreed
  /// for it, or the organization came later.
  private func evidence(
    _ organization: Organization, _ month: BillingMonth, _ end: Date, _ followingEnd: Date?, _ stored: Stored
  ) throws -> MonthEvidence? {
    let read = stored.months[organization.id]?[month]
    let latest = read?.snapshot
    let closing = stored.closings[organization.id]?[month]
    let lines = stored.lines[organization.id]?[month] ?? []
    let ledger = stored.ledger[organization.id]?[month]
    if latest == nil, closing == nil, lines.isEmpty, ledger == nil {
      guard organization.pricePlan?.version(in: month)?.prices != nil else { return nil }
      if let first = stored.firstMonths[organization.id], month < first { return nil }
    }
    let isSettled =
      latest.map { Settlement.isSettled($0, monthEnd: end, followingMonthEnd: followingEnd, at: now) } ?? false
    let invoices = Set(lines.map(\.key.invoice))
    let whole = try invoices.sorted().compactMap(stated.single)
    return MonthEvidence(
      organization: organization, month: month, latest: latest,
      quota: closing?.closedMonth?.quota ?? read?.quota ?? organization.quotas[month],
      plan: closing?.closedMonth.map { AgreedPlan(of: $0, in: month, among: plans) }
        ?? AgreedPlan(of: organization, in: month),
      closing: closing,
      status: closing != nil ? .closed : isSettled ? .settled : .open,
      isOver: now >= end || closing?.wasOver ?? false, ledger: ledger, lines: lines,
      strayLines: strays.isEmpty
        ? [] : strays.filter { invoices.contains($0.key.invoice) && $0.mayBelong(to: organization.id, month) },
      totals: whole, end: end
    ) { [reader] in
      // A day before the end as well, so that the reading that was current at the end is among them.
      try reader.snapshots(of: organization.id, month: month, seenSince: end - TimeSpan.days(1))
    }
  }

  /// Whether a line that belongs to nobody is shown: its month is one of these, or its invoice has lines of them, or no
  /// line of its invoice has a month.
  private func concernsMonths(_ line: InvoiceLine, _ invoices: Set<String>) throws -> Bool {
    if let month = line.content.month { return months.contains(month) }
    if invoices.contains(line.key.invoice) { return true }
    let others = try reader.invoice(line.key.invoice)?.lines.compactMap(\.line.content.month) ?? []
    return others.isEmpty || others.contains(where: months.contains)
  }

  /// What is stored of some organizations.
  private struct Stored {
    let months: [OrganizationID: [BillingMonth: MonthUsage]]
    let closings: [OrganizationID: [BillingMonth: Closing]]
    let lines: [OrganizationID: [BillingMonth: [InvoiceLine]]]
    let ledger: [OrganizationID: [BillingMonth: LedgerMonth]]
    let reviews: [OrganizationID: [BillingMonth: [String: StoredReview]]]
    let firstMonths: [OrganizationID: BillingMonth]

    init(
      _ ids: [OrganizationID], _ range: ClosedRange<BillingMonth>, in reader: any StoreReader, withLedger: Bool
    ) throws {
      let (first, last) = (range.lowerBound, range.upperBound)
      months = try reader.months(of: ids, from: first, to: last)
      closings = try reader.closedMonths(of: ids, from: first, to: last)
      lines = try reader.invoiceLines(of: ids, from: first, to: last)
      ledger = withLedger ? try reader.ledger(of: ids, from: first, to: last) : [:]
      reviews = try reader.reviews(of: ids, from: first, to: last)
      firstMonths = try reader.firstMonths(of: ids)
    }
  }
}

extension Closing {
  /// Whether the month had ended when it was closed: it has, unless the closing was forced.
  fileprivate var wasOver: Bool { closedMonth.map { $0.forcedBecause == nil } ?? false }
}

extension InvoiceLine {
  /// Whether a line that does not say enough may be one of this organization and month.
  fileprivate func mayBelong(to organization: OrganizationID, _ month: BillingMonth) -> Bool {
    (content.organization.map { $0 == organization } ?? true) && (content.month.map { $0 == month } ?? true)
  }
}

extension MonthEvidence {
  /// Whether there is anything that was read, counted or invoiced.
  fileprivate var isKnown: Bool { latest != nil || closing != nil || ledger != nil || !lines.isEmpty }
}

extension ReconciledMonth {
  /// The rows of an invoice as a whole that is of several organizations or months.
  fileprivate init(invoice: String, _ month: BillingMonth?, _ entries: [ReconciliationEntry]) {
    self.init(
      organization: nil, organizationName: "Invoice \(invoice)", month: month, periodStatus: nil, pricePlan: nil,
      snapshot: nil, closedAt: nil, entries: entries)
  }

  /// The row of a line that belongs to nobody that is known, or to no month.
  fileprivate init(stray line: InvoiceLine) {
    self.init(
      organization: line.content.organization, organizationName: line.content.organizationText,
      month: line.content.month, periodStatus: nil, pricePlan: nil, snapshot: nil, closedAt: nil,
      entries: [ReconciliationEntry(unknown: line)])
  }
}

extension ClosedRange<BillingMonth> {
  /// The months in their order.
  package var all: [BillingMonth] {
    Array(sequence(first: lowerBound) { $0 < upperBound ? $0.advanced(by: 1) : nil })
  }
}
