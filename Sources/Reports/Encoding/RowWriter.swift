import FoundationEssentials

/// How rows are written down.
package enum ReportFormat: String, CaseIterable, Sendable {
  /// RFC 4180 with a header, UTF-8 without a byte order mark, lines that end in LF.
  case csv
  /// JSON Lines: one object a line, keys in the order of the columns, every key in every object.
  case jsonl
}

/// The columns of a report: cases numbered from 0 in the order of the table.
protocol ReportColumn: RawRepresentable, CaseIterable where RawValue == Int {
  /// What readers see, in snake case.
  var name: String { get }
}

/// Collects the bytes of rows, cell after cell in the order of the columns.
///
/// The cells of a row may be composed in parts that are kept and appended again: a cell carries what separates it from
/// the one before, so that parts are joined by joining their bytes.
struct RowWriter<Column: ReportColumn> {
  private(set) var bytes: [UInt8] = []
  private let format: ReportFormat
  /// The keys of JSON with all that stands before a cell, by column.
  private let keys: [[UInt8]]

  init(_ format: ReportFormat) {
    self.format = format
    keys = Column.allCases.map { Array("\($0.rawValue == 0 ? "{" : ",")\"\($0.name)\":".utf8) }
  }

  /// An empty writer for a part of a row.
  func part() -> RowWriter {
    var part = self
    part.bytes = []
    return part
  }

  /// This writer after some more cells.
  func adding(_ cells: (inout RowWriter) -> Void) -> RowWriter {
    var copy = self
    cells(&copy)
    return copy
  }

  mutating func reserve(_ count: Int) {
    bytes.reserveCapacity(count)
  }

  mutating func clear() {
    bytes.removeAll(keepingCapacity: true)
  }

  /// Appends a part that was composed before.
  mutating func append(_ part: [UInt8]) {
    part.withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
  }

  /// Writes the names of the columns, in the format that does not repeat them in every row.
  mutating func header() {
    guard format == .csv else { return }
    for column in Column.allCases { text(column.name, in: column) }
    endRow()
  }

  mutating func text(_ text: String, in column: Column) {
    begin(column)
    switch format {
    case .csv: bytes.append(csv: text)
    case .jsonl: bytes.append(json: text)
    }
  }

  /// A whole number; nil is an empty cell or `null`.
  mutating func number(_ number: Int64?, in column: Column) {
    begin(column)
    guard let number else { return missing() }
    bytes.append(decimal: number)
  }

  /// A number with two decimals, given in hundredths; nil is an empty cell or `null`.
  mutating func hundredths(_ hundredths: UInt128?, in column: Column) {
    begin(column)
    guard let hundredths else { return missing() }
    bytes.append(hundredths: hundredths)
  }

  /// A moment as ``QuotaCore`` writes it, in UTC with milliseconds.
  mutating func time(_ time: Date, in column: Column) {
    begin(column)
    switch format {
    case .csv:
      bytes.append(iso8601: time)
    case .jsonl:
      bytes.append(UInt8(ascii: "\""))
      bytes.append(iso8601: time)
      bytes.append(UInt8(ascii: "\""))
    }
  }

  mutating func endRow() {
    if format == .jsonl { bytes.append(UInt8(ascii: "}")) }
    bytes.append(UInt8(ascii: "\n"))
  }

  /// Writes what stands before a cell.
  private mutating func begin(_ column: Column) {
    switch format {
    case .csv: if column.rawValue > 0 { bytes.append(UInt8(ascii: ",")) }
    case .jsonl: bytes.append(contentsOf: keys[column.rawValue])
    }
  }

  private mutating func missing() {
    guard format == .jsonl else { return }
    bytes.append(contentsOf: "null".utf8)
  }
}
