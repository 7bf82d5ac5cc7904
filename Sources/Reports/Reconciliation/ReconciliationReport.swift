package import FoundationEssentials
package import QuotaCore

/// Writes reconciled months in one of the formats; see `docs/reports.md`.
///
/// What is written comes out in the order in which months are written. The same months give the same bytes. Memory does
/// not grow with their number.
package struct ReconciliationReport {
  private var document: any ReconciliationDocument

  /// Begins a report; a table has its header even if no month follows.
  ///
  /// - Parameters:
  ///   - zone: the vendor's billing time zone.
  ///   - zoneName: its IANA name as configured, because `TimeZone.identifier` calls `UTC` `GMT`.
  ///   - reconciledAt: the stamp of the report.
  ///   - letterhead: what stands above each statement.
  package init(
    format: ReconciliationFormat, zone: TimeZone, zoneName: String, reconciledAt: Date, letterhead: Letterhead? = nil,
    to sink: @escaping UsageReport.Sink
  ) {
    let frame = ReconciliationFrame(zone: zone, zoneName: zoneName, reconciledAt: reconciledAt, letterhead: letterhead)
    document =
      switch format {
      case .csv: ReconciliationTable(.csv(.plain), frame, to: sink)
      case .csvExcel: ReconciliationTable(.csv(.excel), frame, to: sink)
      case .jsonl: ReconciliationTable(.jsonLines, frame, to: sink)
      case .xlsx: ReconciliationWorkbook(frame, to: sink)
      case .html: ReconciliationStatements(frame, to: sink)
      case .hledger: ReconciliationJournal(frame, to: sink)
      }
  }

  /// Adds one month.
  ///
  /// - Parameter usage: the days of the month as far as they are known, ascending, for the format with a chart.
  package mutating func write(_ month: ReconciledMonth, usage: [MonthDay] = []) throws {
    try document.write(month, usage: usage)
  }

  /// Ends the report: hands what is left to the sink.
  package mutating func finish() throws {
    try document.finish()
  }
}

/// What all entries of a report have in common.
struct ReconciliationFrame: Sendable {
  let zone: TimeZone
  let zoneName: String
  let reconciledAt: Date
  let letterhead: Letterhead?

  /// The day of a moment as people write it, in the months' zone.
  func day(_ time: Date) -> String { CivilDate(dayNumber: LocalTime(time, in: zone).day).description }

  func row(_ entry: ReconciliationEntry, of month: ReconciledMonth) -> ReconciliationRow {
    ReconciliationRow(month: month, entry: entry, zoneName: zoneName, reconciledAt: reconciledAt)
  }
}

/// One way to write the reconciliation down.
protocol ReconciliationDocument {
  mutating func write(_ month: ReconciledMonth, usage: [MonthDay]) throws
  mutating func finish() throws
}
