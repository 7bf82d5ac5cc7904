import FoundationEssentials
import QuotaCore

/// A row of the reconciliation as the cells of its columns, for every format that is a table.
struct ReconciliationRow {
  let month: ReconciledMonth
  let entry: ReconciliationEntry
  let zoneName: String
  let reconciledAt: Date

  /// What separates the ids of several lines of invoices.
  static let separator = "|"

  func cell(_ column: ReconciliationColumn) -> ReportCell {
    switch column {
    case .schemaVersion: .whole(SchemaVersion.current)
    case .organizationID: .text(ifAny: month.organization?.rawValue)
    case .organizationName: .text(ifAny: month.organizationName)
    case .period: .month(ifAny: month.month)
    case .periodTimeZone: .text(zoneName)
    case .periodStatus: .text(ifAny: month.periodStatus?.rawValue)
    case .invoiceID: .text(ifAny: entry.invoiceIDs.joined(separator: Self.separator))
    case .invoiceLineID: .text(ifAny: entry.invoiceLines.map(\.line).joined(separator: Self.separator))
    case .invoiceIssueStatus: .text(ifAny: entry.issueStatus?.rawValue)
    case .chargeCategory: .text(ifAny: entry.category?.rawValue)
    case .metric: .text(ifAny: entry.metric?.rawValue)
    case .currency: .text(ifAny: entry.currency?.code)
    case .status: .text(entry.status.rawValue)
    case .reason: .text(ifAny: entry.finding.reason?.rawValue)
    case .pricePlan: .text(ifAny: month.pricePlan)
    case .snapshotID: .whole(ifAny: month.snapshot)
    case .closedAt: .time(ifAny: month.closedAt)
    case .reconciledAt: .time(reconciledAt)
    case .note: .text(ifAny: entry.note)
    case .row: .text(entry.name)
    case .shown: .text(entry.shown)
    case .vendorUsageQuantity, .ledgerQuantity, .invoicedQuantity, .quantityVariance, .expectedAmount, .invoicedAmount,
      .amountVariance, .amountVariancePercent, .quantityTolerance, .amountTolerance:
      figure(column)
    }
  }

  private func figure(_ column: ReconciliationColumn) -> ReportCell {
    let figures = entry.figures
    return switch column {
    case .vendorUsageQuantity: .whole(ifAny: figures.vendorUsage)
    case .ledgerQuantity: .whole(ifAny: figures.ledger)
    case .invoicedQuantity: .decimal(ifAny: figures.invoicedQuantity)
    case .quantityVariance: .decimal(ifAny: figures.quantityVariance)
    case .expectedAmount: amount(figures.expectedAmount)
    case .invoicedAmount: amount(figures.invoicedAmount)
    case .amountVariance: amount(figures.amountVariance)
    case .amountVariancePercent: .decimal(ifAny: figures.amountVariancePercent, minimumDecimals: 2)
    case .quantityTolerance: .decimal(ifAny: figures.quantityTolerance)
    case .amountTolerance: amount(figures.amountTolerance)
    default: .missing
    }
  }

  private func amount(_ amount: ExactDecimal?) -> ReportCell {
    .decimal(ifAny: amount, minimumDecimals: entry.currency?.minorUnit ?? 0)
  }
}

extension ReconciliationEntry {
  /// The invoices of the lines, each once, in their order.
  var invoiceIDs: [String] {
    invoiceLines.map(\.invoice).reduce(into: []) { ids, id in
      if !ids.contains(id) { ids.append(id) }
    }
  }
}
