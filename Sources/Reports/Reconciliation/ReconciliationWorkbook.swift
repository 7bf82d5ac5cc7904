import QuotaCore

/// The reconciliation as a workbook: a sheet of what it comes to, and one with a row for each entry.
struct ReconciliationWorkbook: ReconciliationDocument {
  private let frame: ReconciliationFrame
  private var workbook: Workbook<ReconciliationColumn>
  private var overview = ReconciliationOverview()

  init(_ frame: ReconciliationFrame, to sink: @escaping UsageReport.Sink) {
    self.frame = frame
    workbook = Workbook("Reconciliation", ReconciliationColumn.ofTables, to: sink)
  }

  mutating func write(_ month: ReconciledMonth, usage: [MonthDay]) throws {
    overview.add(month)
    for entry in month.entries {
      let row = frame.row(entry, of: month)
      try workbook.addRow(row.sheetCell)
    }
  }

  mutating func finish() throws {
    try workbook.finish(totals: totals, summary: ReconciliationSummarySheet(overview, frame).sheet)
  }

  /// A row for each currency.
  private var totals: [[ReconciliationColumn: SheetCell]] {
    overview.totals.currencies.compactMap { currency in
      guard let currency, let sums = overview.totals.sums(in: currency) else { return nil }
      return [
        .organizationName: .text("Total", .total), .currency: .text(currency.code, .total),
        .expectedAmount: .amount(sums.expected, currency, isTotal: true),
        .invoicedAmount: .amount(sums.invoiced, currency, isTotal: true),
        .amountVariance: .amount(sums.variance, currency, isTotal: true),
      ]
    }
  }
}

/// The first sheet: what the reconciliation comes to by status and by organization.
struct ReconciliationSummarySheet {
  private let overview: ReconciliationOverview
  private let frame: ReconciliationFrame

  init(_ overview: ReconciliationOverview, _ frame: ReconciliationFrame) {
    self.overview = overview
    self.frame = frame
  }

  var sheet: SummarySheet {
    let statuses = overview.totals.statuses
    var sheet = SummarySheet("Summary", widths: [34, 10, 10, 16, 16, 16] + statuses.map { _ in 16 })
    sheet.add([.text("DocuTray usage and invoices\(overview.period.map { " \($0)" } ?? "")", .title)])
    sheet.add([.text("Reconciled \(frame.day(frame.reconciledAt)), months in \(frame.zoneName)", .plain)])
    sheet.add([])
    guard overview.totals.rows > 0 else {
      sheet.add([.text("There is nothing to reconcile.", .plain)])
      return sheet
    }
    sheet.add(Self.heads("Status"))
    for status in statuses {
      for currency in overview.totals.currencies {
        guard let sums = overview.totals.sums(in: currency, of: status) else { continue }
        sheet.add([.text(status.words, .emphasis(status.emphasis))] + Self.cells(sums, currency))
      }
    }
    addTotals(to: &sheet)
    sheet.add([])
    sheet.add(Self.heads("Organization") + statuses.map { .text($0.words, .emphasis($0.emphasis)) })
    for organization in overview.organizations { add(organization, statuses, to: &sheet) }
    addTotals(to: &sheet, counting: statuses)
    return sheet
  }

  private func add(
    _ organization: ReconciliationOverview.Row, _ statuses: [ReconciliationStatus],
    to sheet: inout SummarySheet
  ) {
    let name = organization.name ?? organization.id?.rawValue ?? "Lines of no organization"
    for currency in organization.totals.currencies {
      guard let sums = organization.totals.sums(in: currency) else { continue }
      let counts = statuses.map { status -> SheetCell in
        organization.totals.sums(in: currency, of: status).map { .count($0.rows) } ?? .empty
      }
      sheet.add([.text(name)] + Self.cells(sums, currency) + counts)
    }
  }

  /// A row for each currency, with how many of its rows have each of these statuses behind it.
  private func addTotals(to sheet: inout SummarySheet, counting statuses: [ReconciliationStatus] = []) {
    for currency in overview.totals.currencies {
      guard let sums = overview.totals.sums(in: currency) else { continue }
      let counts = statuses.map { status -> SheetCell in
        .count(overview.totals.sums(in: currency, of: status)?.rows ?? 0, isTotal: true)
      }
      sheet.add([.text("Total", .total)] + Self.cells(sums, currency, isTotal: true) + counts)
    }
  }

  private static func heads(_ first: String) -> [SheetCell] {
    [.text(first, .header), .text("Currency", .header)]
      + ["Rows", "Expected", "Invoiced", "Difference"].map { .text($0, .numberHeader) }
  }

  private static func cells(
    _ sums: ReconciliationTotals.Sums, _ currency: Currency?, isTotal: Bool = false
  ) -> [SheetCell] {
    let code = currency?.code ?? ""
    return [isTotal ? .text(code, .total) : .text(code), .count(sums.rows, isTotal: isTotal)]
      + [sums.expected, sums.invoiced, sums.variance].map { .amount($0, currency, isTotal: isTotal) }
  }
}

extension ReconciliationRow {
  /// A cell as people read it.
  func sheetCell(_ column: ReconciliationColumn) -> SheetCell {
    switch column {
    case .status: .text(entry.status.words, .emphasis(entry.status.emphasis))
    case .reason: entry.finding.reason.map { .text($0.words) } ?? .empty
    case .chargeCategory, .metric, .periodStatus, .invoiceIssueStatus:
      SheetCell(capitalized(cell(column)), isGrouped: false)
    case .vendorUsageQuantity, .ledgerQuantity: SheetCell(cell(column), isGrouped: true)
    default: SheetCell(cell(column), isGrouped: false)
    }
  }

  private func capitalized(_ cell: ReportCell) -> ReportCell {
    guard case .text(let word) = cell else { return cell }
    return .text(word.withCapital)
  }
}

extension ReconciliationColumn: SheetColumn {
  var heading: String {
    switch self {
    case .schemaVersion: "Version of the columns"
    case .organizationID: "Organization's id"
    case .organizationName: "Organization"
    case .period: "Month"
    case .periodTimeZone: "Months in"
    case .periodStatus: "Figures"
    case .invoiceID: "Invoice"
    case .invoiceLineID: "Line"
    case .invoiceIssueStatus: "Invoice is"
    case .chargeCategory: "Charge"
    case .metric: "Of what"
    case .currency: "Currency"
    case .vendorUsageQuantity: "Vendor's quantity"
    case .ledgerQuantity: "Ledger's quantity"
    case .invoicedQuantity: "Invoiced quantity"
    case .quantityVariance: "Difference in quantity"
    case .expectedAmount: "Expected amount"
    case .invoicedAmount: "Invoiced amount"
    case .amountVariance: "Difference in amount"
    case .amountVariancePercent: "Difference in %"
    case .quantityTolerance: "Tolerance of the quantity"
    case .amountTolerance: "Tolerance of the amount"
    case .status: "Status"
    case .reason: "Reason"
    case .pricePlan: "Plan"
    case .snapshotID: "Reading"
    case .closedAt: "Closed (UTC)"
    case .reconciledAt: "Reconciled (UTC)"
    case .note: "Explanation"
    // Not in workbooks.
    case .row, .shown: name
    }
  }

  var width: Int {
    switch self {
    case .note: 42
    case .pricePlan, .closedAt, .reconciledAt: 20
    case .organizationName, .status: 18
    case .reason: 15
    case .organizationID, .periodTimeZone, .invoiceIssueStatus, .quantityTolerance, .amountTolerance: 14
    case .invoiceID, .metric: 12
    case .expectedAmount, .invoicedAmount, .amountVariance: 12
    case .vendorUsageQuantity, .ledgerQuantity, .invoicedQuantity, .quantityVariance, .amountVariancePercent: 11
    case .schemaVersion, .snapshotID, .chargeCategory, .currency, .row, .shown: 10
    case .period, .periodStatus, .invoiceLineID: 9
    }
  }

  var isNumber: Bool {
    switch self {
    case .vendorUsageQuantity, .ledgerQuantity, .invoicedQuantity, .quantityVariance, .expectedAmount, .invoicedAmount,
      .amountVariance, .amountVariancePercent, .quantityTolerance, .amountTolerance, .schemaVersion, .snapshotID:
      true
    default: false
    }
  }

  var isFolded: Bool {
    switch self {
    case .schemaVersion, .organizationID, .periodTimeZone, .invoiceIssueStatus, .quantityTolerance, .amountTolerance,
      .pricePlan, .snapshotID, .closedAt, .reconciledAt:
      true
    default: false
    }
  }
}
