import QuotaCore

/// The reconciliation as rows of text: CSV or JSON Lines.
struct ReconciliationTable: ReconciliationDocument {
  private let frame: ReconciliationFrame
  private let sink: UsageReport.Sink
  private var rows: RowWriter<ReconciliationColumn>
  private let columns: [ReconciliationColumn]

  /// How many bytes are collected before the sink is called.
  private static let flushSize = 64 << 10

  init(_ encoding: RowEncoding, _ frame: ReconciliationFrame, to sink: @escaping UsageReport.Sink) {
    self.frame = frame
    self.sink = sink
    rows = RowWriter(encoding)
    columns =
      switch encoding {
      case .csv: ReconciliationColumn.ofTables
      case .jsonLines: ReconciliationColumn.allCases
      }
    rows.header(columns)
  }

  mutating func write(_ month: ReconciledMonth, usage: [MonthDay]) throws {
    for entry in month.entries {
      let row = frame.row(entry, of: month)
      for column in columns { rows.cell(row.cell(column), in: column) }
      rows.endRow()
      if rows.bytes.count >= Self.flushSize { try finish() }
    }
  }

  mutating func finish() throws {
    guard !rows.bytes.isEmpty else { return }
    try rows.bytes.withUnsafeBytes(sink)
    rows.clear()
  }
}
