import FoundationEssentials
import QuotaCore

/// How rows are written down.
package enum ReportFormat: String, FileFormat {
  /// RFC 4180 with a header, UTF-8 without a byte order mark, lines that end in LF.
  case csv
  /// JSON Lines: one object a line, keys in the order of the columns, every key in every object.
  case jsonl

  package var otherEndings: [String] { self == .jsonl ? ["ndjson"] : [] }

  var encoding: RowEncoding {
    switch self {
    case .csv: .csv(.plain)
    case .jsonl: .jsonLines
    }
  }
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
  private let encoding: RowEncoding
  /// The keys of JSON with all that stands before a cell, by column.
  private let keys: [[UInt8]]

  init(_ encoding: RowEncoding) {
    self.encoding = encoding
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

  /// Writes what the file begins with: the names of the columns, where they are not repeated in every row.
  ///
  /// - Parameter columns: those that rows have, the first one among them.
  mutating func header(_ columns: [Column] = Array(Column.allCases)) {
    guard case .csv(let dialect) = encoding else { return }
    bytes += dialect.mark
    for column in columns { text(column.name, in: column) }
    endRow()
  }

  mutating func text(_ text: String, in column: Column) {
    begin(column)
    switch encoding {
    case .csv(let dialect): bytes.append(csv: text, delimiter: dialect.delimiter)
    case .jsonLines: bytes.append(json: text)
    }
  }

  /// A whole number; nil is an empty cell or `null`.
  mutating func number(_ number: Int64?, in column: Column) {
    begin(column)
    guard let number else { return missing() }
    bytes.append(decimal: number)
  }

  /// A number with two decimals and a point, given in hundredths; nil is an empty cell or `null`.
  mutating func hundredths(_ hundredths: UInt128?, in column: Column) {
    begin(column)
    guard let hundredths else { return missing() }
    bytes.append(hundredths: hundredths)
  }

  /// A moment as ``QuotaCore`` writes it, in UTC with milliseconds.
  mutating func time(_ time: Date, in column: Column) {
    begin(column)
    switch encoding {
    case .csv:
      bytes.append(iso8601: time)
    case .jsonLines:
      bytes.append(UInt8(ascii: "\""))
      bytes.append(iso8601: time)
      bytes.append(UInt8(ascii: "\""))
    }
  }

  /// A decimal number with at least so many decimals. In JSON it is text, since most readers would take a number for
  /// floating point.
  mutating func decimal(_ number: ExactDecimal, minimumDecimals: Int, in column: Column) {
    begin(column)
    let text = number.text(minimumDecimals: minimumDecimals)
    switch encoding {
    case .csv(let dialect):
      for byte in text.utf8 { bytes.append(byte == UInt8(ascii: ".") ? dialect.decimalSeparator : byte) }
    case .jsonLines:
      bytes.append(json: text)
    }
  }

  /// A cell of any kind.
  mutating func cell(_ cell: ReportCell, in column: Column) {
    switch cell {
    case .missing: number(nil, in: column)
    case .text(let text): self.text(text, in: column)
    case .whole(let number): self.number(number, in: column)
    case .decimal(let number, let decimals): decimal(number, minimumDecimals: decimals, in: column)
    case .month(let month): text(month.description, in: column)
    case .time(let time): self.time(time, in: column)
    }
  }

  mutating func endRow() {
    switch encoding {
    case .csv(let dialect): bytes += dialect.lineEnd
    case .jsonLines: bytes += [UInt8(ascii: "}"), UInt8(ascii: "\n")]
    }
  }

  /// Writes what stands before a cell.
  private mutating func begin(_ column: Column) {
    switch encoding {
    case .csv(let dialect): if column.rawValue > 0 { bytes.append(dialect.delimiter) }
    case .jsonLines: bytes.append(contentsOf: keys[column.rawValue])
    }
  }

  private mutating func missing() {
    guard encoding == .jsonLines else { return }
    bytes.append(contentsOf: "null".utf8)
  }
}
