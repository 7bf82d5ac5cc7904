import FoundationEssentials
import QuotaCore
import TestSupport
import Testing

private let acme = OrganizationID("acme")

/// October 2026 of one organization, in UTC, as it is known on 10 November.
struct October {
  static let month = billingMonth("2026-10")
  static let end = moment("2026-11-01T00:00")

  var plan: PricePlan?
  /// What is configured since the month was closed; nil for the same plan.
  var plansSince: [PricePlan]?
  /// The version that the month was closed with.
  var closedVersion: String?
  /// What the vendor counts; nil for a month that was never read.
  var used: Counters? = Counters(pages: 1_000, conversions: 0)
  /// What it says after the closing.
  var since: Counters?
  var isClosed = false
  var status = PeriodStatus.settled
  var lastRead = "2026-11-10T00:00"
  /// When what was counted by the end of the month was seen last.
  var lastReadAtEnd = "2026-11-10T00:00"
  var isOver = true
  var ledger: LedgerCount?
  var lines: [InvoiceLine] = []
  var strays: [InvoiceLine] = []
  var totals: [InvoiceTotals] = []
  /// What the vendor had counted by the end of the month.
  var atEnd: Counters?
  var tolerances = Tolerances()

  /// A plan that charges 0.01 for a page, or what is given.
  static func plan(
    _ models: [Charge.Model]? = nil, discounts: [String] = [], rounding: Prices.Rounding = .line, tax: String? = nil,
    includesTax: Bool = false, minimum: String? = nil, maximum: String? = nil
  ) throws -> PricePlan {
    try .example(
      models ?? [.unit(.pages, unitPrice: try decimal("0.01"))], discounts: discounts, minimum: minimum,
      maximum: maximum, rounding: rounding, tax: tax, includesTax: includesTax)
  }

  /// A line from a text such as `INV-1 7 usage pages 1000 10.00`, with `-` for what it does not have.
  static func line(_ text: String, _ change: (inout InvoiceLineContent) -> Void = { _ in }) throws -> InvoiceLine {
    let words = text.split(separator: " ").map(String.init)
    var content = InvoiceLineContent(
      organization: OrganizationID("acme"), organizationText: "acme", month: month,
      category: ChargeCategory(rawValue: words[2]), metric: Metric(rawValue: words[3]),
      quantity: ExactDecimal(words[4]), amount: try decimal(words[5]), currency: try euro())
    change(&content)
    return InvoiceLine(key: InvoiceLineKey(invoice: words[0], line: words[1]), content: content)
  }

  func reconciled() throws -> ReconciledMonth {
    let plans = plansSince ?? [plan].compactMap(\.self)
    let organization = Organization(id: acme, name: "Acme", plan: plans.first?.name, pricePlan: plans.first)
    let snapshot = used.map { self.snapshot(1, $0, "2026-10-31T12:00") }
    let closed = ClosedMonth(
      snapshot: snapshot.map { ClosedSnapshot($0) }, quota: Quota(), isSettled: true, plan: plan?.name,
      planVersion: closedVersion, forcedBecause: nil)
    let closing = ClosingEntry(
      organization: acme, month: Self.month, timeZone: "UTC", action: .close(closed),
      actedAt: moment("2026-11-05T08:00"), actedBy: "ops")
    let configured = Dictionary(uniqueKeysWithValues: plans.map { ($0.name, $0) })
    return try Reconciler.reconcile(
      MonthEvidence(
        organization: organization, month: Self.month,
        latest: since.map { self.snapshot(2, $0, "2026-11-06T00:00") } ?? snapshot,
        plan: isClosed
          ? AgreedPlan(of: closed, in: Self.month, among: configured) : AgreedPlan(of: organization, in: Self.month),
        closing: isClosed ? Closing(closing, after: nil) { _ in String(repeating: "0", count: 64) } : nil,
        status: isClosed ? .closed : status, isOver: isOver,
        ledger: ledger.map { LedgerMonth(organization: acme, month: Self.month, counts: [.conversion: $0]) },
        lines: lines, strayLines: strays, totals: totals, end: Self.end
      ) { [atEnd, lastReadAtEnd] in
        [
          atEnd.map { self.snapshot(1, $0, "2026-10-31T20:00", until: lastReadAtEnd) },
          used.map { self.snapshot(2, $0, "2026-11-01T09:00") },
        ]
        .compactMap(\.self)
      }, tolerances)
  }

  /// The rows as texts such as `usage/pages over_billed quantity_variance`.
  func rows() throws -> [String] {
    try reconciled().entries.map {
      [$0.name, $0.status.rawValue, $0.finding.reason?.rawValue].compactMap(\.self).joined(separator: " ")
    }
  }

  /// The one row that there is.
  func row() throws -> ReconciliationEntry {
    let entries = try reconciled().entries
    #expect(entries.count == 1)
    return try #require(entries.first)
  }

  private func snapshot(_ id: Int64, _ counters: Counters, _ since: String, until: String? = nil) -> Snapshot {
    Snapshot(
      id: id, organization: acme, month: Self.month, counters: counters, firstSeenAt: moment(since),
      lastSeenAt: moment(until ?? lastRead))
  }
}

func pages(_ count: Int64) -> Counters { Counters(pages: count, conversions: 0) }
