import QuotaCore

/// The columns of the reconciliation, in their order.
enum ReconciliationColumn: Int, ReportColumn {
  case schemaVersion, organizationID, organizationName
  case period, periodTimeZone, periodStatus
  case invoiceID, invoiceLineID, invoiceIssueStatus
  case chargeCategory, metric, currency
  case vendorUsageQuantity, ledgerQuantity, invoicedQuantity, quantityVariance
  case expectedAmount, invoicedAmount, amountVariance, amountVariancePercent
  case quantityTolerance, amountTolerance
  case status, reason
  case pricePlan, snapshotID, closedAt, reconciledAt, note
  /// By which programs accept or dispute the row that they were shown.
  case row, shown

  /// Those of tables, which people read.
  static let ofTables = allCases.filter { ![.row, .shown].contains($0) }

  var name: String {
    switch self {
    case .schemaVersion: SchemaVersion.name
    case .organizationID: "organization_id"
    case .organizationName: "organization_name"
    case .period: "period"
    case .periodTimeZone: "period_time_zone"
    case .periodStatus: "period_status"
    case .invoiceID: "invoice_id"
    case .invoiceLineID: "invoice_line_id"
    case .invoiceIssueStatus: "invoice_issue_status"
    case .chargeCategory: "charge_category"
    case .metric: "metric"
    case .currency: "currency"
    case .vendorUsageQuantity: "vendor_usage_quantity"
    case .ledgerQuantity: "ledger_quantity"
    case .invoicedQuantity: "invoiced_quantity"
    case .quantityVariance: "quantity_variance"
    case .expectedAmount: "expected_amount"
    case .invoicedAmount: "invoiced_amount"
    case .amountVariance: "amount_variance"
    case .amountVariancePercent: "amount_variance_percent"
    case .quantityTolerance: "quantity_tolerance"
    case .amountTolerance: "amount_tolerance"
    case .status: "status"
    case .reason: "reason"
    case .pricePlan: "price_plan"
    case .snapshotID: "snapshot_id"
    case .closedAt: "closed_at_utc"
    case .reconciledAt: "reconciled_at_utc"
    case .note: "note"
    case .row: "row"
    case .shown: "shown"
    }
  }
}
