/// Reads comma-separated values (RFC 4180) piece by piece: memory holds one row, however long the text is.
///
/// Stricter than most readers, since a misread row is worse than a refused file: a quote may only enclose a whole field,
/// outside of it there may only be spaces, and the text is UTF-8. Lines end with CRLF or LF. A byte order mark at the
/// beginning and lines without anything in them are skipped. How many fields a row has is the caller's to judge.
package struct CSVReader {
  /// How large a row may be, in bytes: a quote that is never closed must not take all memory.
  package static let longestRow = 1 << 20

  /// What usually separates fields, and how a setting writes it.
  static let delimiters: [(character: Character, name: String)] = [
    (";", "\";\""), (",", "\",\""), ("\t", "\"tab\""), ("|", "\"|\""),
  ]

  private enum State {
    case fieldStart
    case unquoted
    case quoted
    /// After a quote in a quoted field: its end, or the first of two that stand for one.
    case quoteInQuoted
    /// Spaces behind a closing quote.
    case behindQuoted
    /// After a CR, which a LF has to follow.
    case carriageReturn
  }

  private let delimiter: UInt8
  private var state = State.fieldStart
  private var line: Int
  private var rowLine: Int
  private var bytes: [UInt8] = []
  /// Where each finished field of the row ends in `bytes`.
  private var ends: [Int] = []
  /// How much of a byte order mark was seen; nil behind the beginning.
  private var markLength: Int? = 0

  /// - Parameters:
  ///   - delimiter: what separates fields, one ASCII character other than a quote and a line's end.
  ///   - line: the number of the first line.
  package init(delimiter: UInt8 = UInt8(ascii: ","), line: Int = 1) {
    self.delimiter = delimiter
    self.line = line
    rowLine = line
  }

  /// Takes the next bytes and adds the rows that they complete, also those before an error.
  package mutating func read(_ chunk: some Sequence<UInt8>, into rows: inout [CSVRow]) throws(CSVSyntaxError) {
    for byte in chunk {
      if let seen = markLength {
        if byte == Self.mark[seen] {
          markLength = seen + 1 < Self.mark.count ? seen + 1 : nil
          continue
        }
        markLength = nil
        for kept in Self.mark[..<seen] { try take(kept, &rows) }
      }
      try take(byte, &rows)
    }
  }

  /// Ends the text and adds its last row, which needs no line end.
  package mutating func finish(into rows: inout [CSVRow]) throws(CSVSyntaxError) {
    if let seen = markLength {
      markLength = nil
      for kept in Self.mark[..<seen] { try take(kept, &rows) }
    }
    switch state {
    case .quoted:
      throw CSVSyntaxError(line: rowLine, message: "a quoted field that begins in this row is never closed")
    case .carriageReturn: throw Self.loneCarriageReturn(line)
    case .fieldStart where ends.isEmpty && bytes.isEmpty: return
    case .fieldStart, .unquoted, .quoteInQuoted, .behindQuoted: try endRow(&rows)
    }
  }

  /// Why a row is not taken whose encoding is another one.
  static let notUTF8 = "the text is not UTF-8; save the file as UTF-8"

  private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
  private static let quote = UInt8(ascii: "\"")

  private mutating func take(_ byte: UInt8, _ rows: inout [CSVRow]) throws(CSVSyntaxError) {
    switch state {
    case .fieldStart where byte == Self.quote: state = .quoted
    case .unquoted where byte == Self.quote && bytes[(ends.last ?? 0)...].allSatisfy({ $0 == 0x20 }):
      bytes.removeLast(bytes.count - (ends.last ?? 0))
      state = .quoted
    case .fieldStart, .unquoted:
      guard byte != Self.quote else {
        throw CSVSyntaxError(
          line: line, message: "a quote stands within a field; a field with quotes is quoted itself, its quotes doubled"
        )
      }
      try plain(byte, &rows)
    case .quoted:
      if byte == Self.quote { state = .quoteInQuoted } else { try append(byte) }
    case .quoteInQuoted where byte == Self.quote:
      try append(byte)
      state = .quoted
    case .quoteInQuoted, .behindQuoted:
      if byte == delimiter || byte == 0x0A || byte == 0x0D {
        try plain(byte, &rows)
      } else if byte == 0x20 {
        state = .behindQuoted
      } else {
        throw CSVSyntaxError(line: line, message: "something follows the closing quote of a field")
      }
    case .carriageReturn:
      guard byte == 0x0A else { throw Self.loneCarriageReturn(line) }
      try endRow(&rows)
    }
  }

  /// A byte outside of quotes.
  private mutating func plain(_ byte: UInt8, _ rows: inout [CSVRow]) throws(CSVSyntaxError) {
    switch byte {
    case delimiter:
      ends.append(bytes.count)
      state = .fieldStart
    case 0x0D:
      // A quoted field of nothing makes a row, a line of nothing does not.
      if state != .fieldStart || !ends.isEmpty { ends.append(bytes.count) }
      state = .carriageReturn
    case 0x0A:
      try endRow(&rows)
    default:
      try append(byte)
      state = .unquoted
    }
  }

  private mutating func append(_ byte: UInt8) throws(CSVSyntaxError) {
    guard byte != 0 else { throw CSVSyntaxError(line: line, message: "a NUL byte is no text; is this a CSV file?") }
    guard bytes.count < Self.longestRow else {
      throw CSVSyntaxError(
        line: rowLine, message: "the row is longer than \(Self.longestRow.grouped) bytes; is a closing quote missing?")
    }
    bytes.append(byte)
    if byte == 0x0A { line += 1 }
  }

  private mutating func endRow(_ rows: inout [CSVRow]) throws(CSVSyntaxError) {
    if state != .carriageReturn, state != .fieldStart || !ends.isEmpty { ends.append(bytes.count) }
    if !ends.isEmpty {
      var start = 0
      var fields: [String] = []
      fields.reserveCapacity(ends.count)
      for end in ends {
        guard let field = String(validating: bytes[start..<end], as: UTF8.self) else {
          throw CSVSyntaxError(line: rowLine, message: Self.notUTF8)
        }
        fields.append(field)
        start = end
      }
      rows.append(CSVRow(line: rowLine, fields: fields))
    }
    bytes.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
    line += 1
    rowLine = line
    state = .fieldStart
  }

  private static func loneCarriageReturn(_ line: Int) -> CSVSyntaxError {
    CSVSyntaxError(line: line, message: "a carriage return stands alone; lines end with CRLF or LF")
  }
}

/// One row of a CSV text.
package struct CSVRow: Hashable, Sendable {
  /// The line that the row begins on, from 1.
  package let line: Int
  /// At least one, without their quotes.
  package let fields: [String]

  package init(line: Int, fields: [String]) {
    self.line = line
    self.fields = fields
  }
}

/// Why a text is not CSV.
package struct CSVSyntaxError: Error, Hashable, Sendable {
  /// From 1.
  package let line: Int
  /// One line, without any of the text itself.
  package let message: String
}
