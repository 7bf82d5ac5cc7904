import FoundationEssentials
import QuotaCore
import Reports
import Testing

/// An entry with figures that a test can change.
struct ExampleEntry {
  var category: ChargeCategory? = .usage
  var metric: Metric? = .pages
  var currency: String? = "EUR"
  var lines = ["INV-1/1"]
  var issueStatus: InvoiceIssueStatus? = .issued
  var vendor: Int64?
  var ledger: Int64?
  var invoicedQuantity: String?
  var quantityVariance: String?
  var expected: String?
  var invoiced: String?
  var variance: String?
  var quantityTolerance: String?
  var amountTolerance: String?
  var status = ReconciliationStatus.matched
  var reason: ReconciliationReason?
  var explanation = ""
  var review: ReconciliationEntry.Review?

  func entry() throws -> ReconciliationEntry {
    var figures = ReconciliationEntry.Figures()
    figures.vendorUsage = vendor
    figures.ledger = ledger
    figures.invoicedQuantity = try decimal(invoicedQuantity)
    figures.quantityVariance = try decimal(quantityVariance)
    figures.expectedAmount = try decimal(expected)
    figures.invoicedAmount = try decimal(invoiced)
    figures.amountVariance = try decimal(variance)
    figures.quantityTolerance = try decimal(quantityTolerance)
    figures.amountTolerance = try decimal(amountTolerance)
    let keys = try lines.map { text in
      let slash = try #require(text.lastIndex(of: "/"))
      return InvoiceLineKey(invoice: String(text[..<slash]), line: String(text[text.index(after: slash)...]))
    }
    return ReconciliationEntry(
      category: category, metric: metric, currency: try currency.map { try #require(Currency($0)) }, invoiceLines: keys,
      issueStatus: issueStatus, figures: figures, finding: .init(status, reason, explanation), review: review)
  }

  private func decimal(_ text: String?) throws -> ExactDecimal? {
    try text.map { try #require(ExactDecimal($0)) }
  }
}

/// A reconciled month that a test can change.
struct ExampleReconciledMonth {
  var organization: String? = "acme"
  var name: String? = "Acme Corp"
  var month: String? = "2026-10"
  var periodStatus: PeriodStatus? = .closed
  var pricePlan: String? = "growth@2026-07-01"
  var snapshot: Int64? = 7
  var quota = Quota()
  var closedAt: String? = "2026-11-04T09:00:00.000Z"
  var entries: [ExampleEntry] = []

  func reconciled() throws -> ReconciledMonth {
    ReconciledMonth(
      organization: organization.map { OrganizationID($0) }, organizationName: name,
      month: try month.map { try #require(BillingMonth($0)) }, periodStatus: periodStatus, pricePlan: pricePlan,
      snapshot: snapshot, quota: quota, closedAt: try closedAt.map { try #require(Date(iso8601: $0)) },
      entries: try entries.map { try $0.entry() })
  }

  /// A month with usage that is billed too high, a fee, and usage that is not invoiced.
  static var acme: ExampleReconciledMonth {
    ExampleReconciledMonth(entries: [
      ExampleEntry(
        vendor: 12_345, ledger: 12_300, invoicedQuantity: "12350", quantityVariance: "5", expected: "123.45",
        invoiced: "123.5", variance: "0.05", quantityTolerance: "0", amountTolerance: "0.01", status: .overBilled,
        reason: .quantityVariance, explanation: "5 pages more than the vendor's 12345, 0.05 EUR"),
      ExampleEntry(
        metric: .conversions, lines: [], issueStatus: nil, vendor: 678, expected: "13.56",
        status: .missingInvoice, explanation: "no invoice has 678 conversions, 13.56 EUR"),
      ExampleEntry(
        category: .purchase, metric: nil, lines: ["INV-1/2", "INV-1/3"], expected: "99", invoiced: "99", variance: "0",
        amountTolerance: "0.01"),
      ExampleEntry(
        category: .credit, metric: nil, lines: ["INV-1/4"], invoiced: "-10", status: .accepted, reason: .credit,
        explanation: "a credit of 10.00 EUR",
        review: .init(status: .accepted, text: "accepted by ana on 2026-11-05: agreed by mail")),
    ])
  }
}

/// The bytes of a whole report.
func reconciliation(
  _ months: [ReconciledMonth], _ format: ReconciliationFormat, usage: [MonthDay] = [], zone: String = "UTC"
) throws -> [UInt8] {
  var bytes: [UInt8] = []
  var report = ReconciliationReport(
    format: format, zone: try #require(TimeZone(identifier: zone)), zoneName: zone,
    reconciledAt: try #require(Date(iso8601: "2026-11-05T10:30:00.250Z"))
  ) { bytes += $0 }
  for month in months { try report.write(month, usage: usage) }
  try report.finish()
  return bytes
}

func reconciliationText(
  _ months: [ReconciledMonth], _ format: ReconciliationFormat, usage: [MonthDay] = [], zone: String = "UTC"
) throws -> String {
  String(decoding: try reconciliation(months, format, usage: usage, zone: zone), as: UTF8.self)
}

/// Texts made of everything that means something to one of the formats.
func hostileTexts() -> [String] {
  let pieces = [
    "a", "Z", "0", " ", ",", "\"", "\n", "\r", "\r\n", ";", "'", "\t", "\\", "/", "\u{1}", "\u{1F}", "\u{7F}", "ä",
    "日本",
    "e\u{301}", "👩‍👩‍👧", "\u{2028}", "\u{FEFF}", "=", "+", "-", "@", "<", ">", "&", "</td>", "<script>", "]]>", "_x0041_",
    "_x", "_", "date:", "[2026-13-45]", "|", "(", ")", "*", "!", "date:2026-99-99", "\u{FFFE}", "{", "}",
  ]
  return pieces + (0..<200).map { _ in (0..<Int.random(in: 1...8)).map { _ in pieces.randomElement() ?? "" }.joined() }
}
