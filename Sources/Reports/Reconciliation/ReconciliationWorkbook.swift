import QuotaCore

/// The reconciliation as a workbook with one row for each entry.
struct ReconciliationWorkbook: ReconciliationDocument {
  private let frame: ReconciliationFrame
  private var workbook: Workbook<ReconciliationColumn>

  init(_ frame: ReconciliationFrame, to sink: @escaping UsageReport.Sink) {
    self.frame = frame
    workbook = Workbook("Reconciliation", to: sink)
  }

  mutating func write(_ month: ReconciledMonth, usage: [MonthDay]) throws {
    for entry in month.entries { try workbook.addRow(frame.row(entry, of: month).cell) }
  }

  mutating func finish() throws { try workbook.finish() }
}

extension ReconciliationColumn: SheetColumn {
  var width: Int {
    switch self {
    case .note: 80
    case .organizationName, .invoiceLineID, .status: 26
    case .organizationID, .invoiceID, .pricePlan, .closedAt, .reconciledAt, .reason: 20
    default: max(name.count + 4, 10)
    }
  }

  var isGrouped: Bool { self == .vendorUsageQuantity || self == .ledgerQuantity }
}
