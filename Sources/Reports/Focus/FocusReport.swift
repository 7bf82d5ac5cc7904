package import QuotaCore

/// Writes what plans say that months cost as the Cost and Usage dataset of FOCUS, in CSV; see `docs/reports.md`.
///
/// The same months give the same bytes. Memory does not grow with their number.
package struct FocusReport {
  private let columns: [FocusColumn]
  private let sink: UsageReport.Sink
  private var rows = RowWriter<FocusColumn>(.csv(.plain))

  /// How many bytes are collected before the sink is called.
  private static let flushSize = 64 << 10

  /// Begins a report with its header.
  package init(version: FocusVersion, to sink: @escaping UsageReport.Sink) {
    self.sink = sink
    columns = FocusColumn.all(in: version)
    rows.header(columns)
  }

  package mutating func write(_ month: FocusMonth) throws {
    for charge in month.charges {
      let row = FocusRow(month: month, charge: charge)
      for column in columns { rows.cell(row.cell(column), in: column) }
      rows.endRow()
    }
    if rows.bytes.count >= Self.flushSize { try finish() }
  }

  /// Ends the report: hands what is left to the sink.
  package mutating func finish() throws {
    guard !rows.bytes.isEmpty else { return }
    try rows.bytes.withUnsafeBytes(sink)
    rows.clear()
  }
}
