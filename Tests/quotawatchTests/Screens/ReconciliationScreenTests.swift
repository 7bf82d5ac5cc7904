import QuotaCore
import Testing

@testable import quotawatch

@Suite("The reconciliation on a terminal")
struct ReconciliationScreenTests {
  private static func entry(
    _ category: ChargeCategory, _ metric: Metric? = nil, expected: String?, invoiced: String?,
    _ status: ReconciliationStatus, _ reason: ReconciliationReason? = nil
  ) throws -> ReconciliationEntry {
    var figures = ReconciliationEntry.Figures()
    figures.expectedAmount = expected.flatMap { ExactDecimal($0) }
    figures.invoicedAmount = invoiced.flatMap { ExactDecimal($0) }
    if let expected = figures.expectedAmount, let invoiced = figures.invoicedAmount {
      figures.amountVariance = invoiced - expected
    }
    return ReconciliationEntry(
      category: category, metric: metric, currency: Currency("EUR"), invoiceLines: [], issueStatus: nil,
      figures: figures, finding: .init(status, reason))
  }

  private static func screen(_ months: [String] = ["2026-10"]) throws -> ReconciliationScreen {
    var totals = ReconciliationTotals()
    let months = try months.map { month in
      ReconciledMonth(
        organization: OrganizationID("acme"), organizationName: "Acme", month: BillingMonth(month),
        periodStatus: .closed, pricePlan: nil, snapshot: nil, closedAt: nil,
        entries: [
          try entry(.usage, .pages, expected: "12345.60", invoiced: "12350.00", .overBilled, .quantityVariance),
          try entry(.purchase, expected: "99.00", invoiced: "99.00", .matched),
          try entry(.tax, expected: "10.00", invoiced: nil, .missingInvoice, .tax),
        ])
    }
    for month in months { totals.add(month) }
    return ReconciliationScreen(months, totals)
  }

  @Test("has what is not matched first, and then the sums")
  func rows() throws {
    #expect(
      try Self.screen().render(colored: false, width: 120) == """
        ORGANIZATION  ROW               EXPECTED       INVOICED  DIFFERENCE  STATUS           REASON
        acme          usage/pages  12,345.60 EUR  12,350.00 EUR   +4.40 EUR  over_billed      quantity_variance
        acme          tax              10.00 EUR                 −10.00 EUR  missing_invoice  tax

        STATUS           ROWS       EXPECTED       INVOICED  DIFFERENCE
        over_billed         1  12,345.60 EUR  12,350.00 EUR   +4.40 EUR
        missing_invoice     1      10.00 EUR                 −10.00 EUR
        matched             1      99.00 EUR      99.00 EUR    0.00 EUR
        total               3  12,454.60 EUR  12,449.00 EUR   −5.60 EUR

        """)
  }

  @Test("leaves columns out where the terminal is narrow, and names the month of several", arguments: [80, 64])
  func narrow(width: Int) throws {
    let text = try Self.screen(["2026-10", "2026-11"]).render(colored: false, width: width)
    let table = text.split(separator: "\n", omittingEmptySubsequences: false).prefix { !$0.isEmpty }
    #expect(table.allSatisfy { DisplayWidth.of($0) <= width })
    #expect(table[1].hasPrefix("acme          2026-10  usage/pages"))
    #expect(table[0].contains("STATUS") && !table[0].contains("REASON"))
  }

  @Test("says that everything is matched")
  func matched() {
    let text = ReconciliationScreen([], ReconciliationTotals()).render(colored: false, width: nil)
    #expect(text.hasPrefix("Everything is matched.\n"))
  }
}
