/// Reads comma-separated values (RFC 4180) piece by piece: memory holds one row, however long the text is.
///
/// Stricter than most readers, since a misread row is worse than a refused file: a quote may only enclose a whole field,
/// outside of it there may only be spaces, and the text is UTF-8 without a byte order mark. Lines end with CRLF or LF, or
/// all of them with CR alone, as spreadsheets on old Macintoshes write them. Lines without anything in them are skipped.
/// How many fields a row has is the caller's to judge.
package struct CSVReader {
  /// How large a row may be, in bytes: a quote that is never closed must not take all memory.
  package static let longestRow = 1 << 20

  /// What usually separates fields, and how a setting writes it.
  static let delimiters: [(character: Character, name: String)] = [
    (";", "\";\""), (",", "\",\""), ("\t", "\"tab\""), ("|", "\"|\""),
  ]

  /// How a setting writes the delimiter that a first line of Excel's (`sep=;`) tells; nil for any other line.
  ///
  /// - Parameter delimiter: what has cut the line into fields, which may be the one that it tells.
  static func statedDelimiter(in fields: [String], cutBy delimiter: UInt8) -> String? {
    guard let first = fields.first?.lowercased(), first.hasPrefix("sep="), first.count < 6,
      fields.dropFirst().allSatisfy(\.isEmpty)
    else { return nil }
    // A tab at the end of a field counts as a space around it.
    let own: Character = fields.count > 1 ? Character(Unicode.Scalar(delimiter)) : "\t"
    let stated = first.dropFirst(4).first ?? own
    return delimiters.first { $0.character == stated }?.name ?? "\"\(stated)\""
  }

  private enum State {
    case fieldStart
    case unquoted
    case quoted
    /// After a quote in a quoted field: its end, or the first of two that stand for one.
    case quoteInQuoted
    /// Spaces behind a closing quote.
    case behindQuoted
    /// After a CR, which a LF has to follow where lines do not end with CR alone.
    case carriageReturn
  }

  private let delimiter: UInt8
  private var state = State.fieldStart
  private var line: Int
  private var rowLine: Int
  private var bytes: [UInt8] = []
  /// Where each finished field of the row ends in `bytes`.
  private var ends: [Int] = []
  /// Where each finished field of the row begins in the text, if that is wanted.
  private var starts: [Int] = []
  private let notesStarts: Bool
  /// The byte that is taken, and the first of the field, by their offsets in the text.
  private var position = 0
  private var fieldStart = 0
  /// How many lines are left to be passed over, and whether a CR has just ended one.
  private var skipped: Int
  private var endedSkip = false
  /// Whether lines end with CR alone; nil until the first line's end is known.
  private var endsWithCR: Bool?

  /// - Parameters:
  ///   - delimiter: what separates fields, one ASCII character other than a quote and a line's end.
  ///   - skip: how many lines at the beginning are passed over, whatever they have.
  ///   - notesStarts: whether rows tell where their fields begin.
  package init(delimiter: UInt8 = UInt8(ascii: ","), skip: Int = 0, notesStarts: Bool = false) {
    self.delimiter = delimiter
    self.notesStarts = notesStarts
    skipped = skip
    line = 1
    rowLine = 1
  }

  /// Takes the next bytes and adds the rows that they complete, also those before an error.
  package mutating func read(_ chunk: [UInt8], into rows: inout [CSVRow]) throws(CSVSyntaxError) {
    var index = 0
    let base = position
    defer { position = base + chunk.count }
    if skipped > 0 || endedSkip { index = skip(chunk) }
    while index < chunk.count {
      position = base + index
      let end = plainEnd(chunk, from: index)
      if end > index {
        try append(chunk[index..<end])
        index = end
      } else {
        try take(chunk[index], &rows)
        index += 1
      }
    }
  }

  /// Where the bytes end that only add to the field that has begun.
  private func plainEnd(_ chunk: [UInt8], from start: Int) -> Int {
    var end = start
    switch state {
    case .unquoted:
      while end < chunk.count {
        let byte = chunk[end]
        guard byte != delimiter, byte > 0x0D, byte != Self.quote else { break }
        end += 1
      }
    case .quoted:
      while end < chunk.count {
        let byte = chunk[end]
        guard byte != Self.quote, byte > 0x0D else { break }
        end += 1
      }
    case .fieldStart, .quoteInQuoted, .behindQuoted, .carriageReturn: break
    }
    return end
  }

  /// Passes over lines, and returns where what follows them begins.
  private mutating func skip(_ chunk: [UInt8]) -> Int {
    for (index, byte) in chunk.enumerated() {
      // The LF of a CRLF.
      if endedSkip, byte == 0x0A {
        endedSkip = false
        continue
      }
      endedSkip = false
      guard skipped > 0 else { return index }
      guard byte == 0x0A || byte == 0x0D else { continue }
      skipped -= 1
      line += 1
      rowLine = line
      endedSkip = byte == 0x0D
    }
    return chunk.count
  }

  /// Ends the text and adds its last row, which needs no line end.
  package mutating func finish(into rows: inout [CSVRow]) throws(CSVSyntaxError) {
    if state == .fieldStart { fieldStart = position }
    switch state {
    case .quoted:
      throw CSVSyntaxError(line: rowLine, message: "a quoted field that begins in this row is never closed")
    case .carriageReturn where endsWithCR == false: throw Self.mixedEnds(line)
    case .fieldStart where ends.isEmpty && bytes.isEmpty: return
    case .fieldStart, .unquoted, .quoteInQuoted, .behindQuoted, .carriageReturn: try endRow(&rows)
    }
  }

  /// Why a row is not taken whose encoding is another one.
  static let notUTF8 = "the text is not UTF-8; save the file as UTF-8"

  private static let quote = UInt8(ascii: "\"")

  private mutating func take(_ byte: UInt8, _ rows: inout [CSVRow]) throws(CSVSyntaxError) {
    if state == .fieldStart { fieldStart = position }
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
      if byte == 0x0A {
        endsWithCR = false
        return try endRow(&rows)
      }
      guard endsWithCR == nil else { throw Self.mixedEnds(line) }
      endsWithCR = true
      try endRow(&rows)
      try take(byte, &rows)
    }
  }

  /// A byte outside of quotes.
  private mutating func plain(_ byte: UInt8, _ rows: inout [CSVRow]) throws(CSVSyntaxError) {
    switch byte {
    case delimiter:
      endField()
      state = .fieldStart
    case 0x0D:
      // A quoted field of nothing makes a row, a line of nothing does not.
      if state != .fieldStart || !ends.isEmpty { endField() }
      state = .carriageReturn
      if endsWithCR == true { try endRow(&rows) }
    case 0x0A:
      guard endsWithCR != true else { throw Self.mixedEnds(line) }
      endsWithCR = false
      try endRow(&rows)
    default:
      try append(byte)
      state = .unquoted
    }
  }

  private mutating func append(_ byte: UInt8) throws(CSVSyntaxError) {
    guard byte != 0 else {
      throw CSVSyntaxError(
        line: line,
        message: "a NUL byte is no text; if the file is UTF-16, save it as UTF-8, or with a byte order mark")
    }
    guard bytes.count < Self.longestRow else { throw tooLong }
    bytes.append(byte)
    if byte == (endsWithCR == true ? 0x0D : 0x0A) { line += 1 }
  }

  private mutating func append(_ more: ArraySlice<UInt8>) throws(CSVSyntaxError) {
    guard bytes.count + more.count <= Self.longestRow else { throw tooLong }
    bytes += more
  }

  private var tooLong: CSVSyntaxError {
    CSVSyntaxError(
      line: rowLine, message: "the row is longer than \(Self.longestRow.grouped) bytes; is a closing quote missing?")
  }

  private mutating func endField() {
    ends.append(bytes.count)
    if notesStarts { starts.append(fieldStart) }
  }

  private mutating func endRow(_ rows: inout [CSVRow]) throws(CSVSyntaxError) {
    if state != .carriageReturn, state != .fieldStart || !ends.isEmpty { endField() }
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
      rows.append(CSVRow(line: rowLine, fields: fields, starts: starts))
    }
    bytes.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
    starts.removeAll(keepingCapacity: true)
    line += 1
    rowLine = line
    state = .fieldStart
  }

  private static func mixedEnds(_ line: Int) -> CSVSyntaxError {
    CSVSyntaxError(line: line, message: "a carriage return stands alone where other lines end with a line feed")
  }
}

/// One row of a CSV text.
package struct CSVRow: Hashable, Sendable {
  /// The line that the row begins on, from 1.
  package let line: Int
  /// At least one, without their quotes.
  package let fields: [String]
  /// The offset of each field's first byte in the text, its quote if it has one; empty where nobody asked for it.
  package let starts: [Int]

  package init(line: Int, fields: [String], starts: [Int] = []) {
    self.line = line
    self.fields = fields
    self.starts = starts
  }
}

/// Why a text is not CSV.
package struct CSVSyntaxError: Error, Hashable, Sendable {
  /// From 1.
  package let line: Int
  /// One line, without any of the text itself.
  package let message: String
}
