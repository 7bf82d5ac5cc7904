/// How cells become the bytes of a row.
enum RowEncoding: Hashable, Sendable {
  case csv(CSVDialect)
  /// One object a line, keys in the order of the columns, every key in every object.
  case jsonLines
}

/// What differs between tables of RFC 4180.
struct CSVDialect: Hashable, Sendable {
  /// What the file begins with.
  let mark: [UInt8]
  let delimiter: UInt8
  let decimalSeparator: UInt8
  let lineEnd: [UInt8]

  /// UTF-8 without a byte order mark, comma, decimal point, LF.
  static let plain = CSVDialect(
    mark: [], delimiter: UInt8(ascii: ","), decimalSeparator: UInt8(ascii: "."), lineEnd: [UInt8(ascii: "\n")])

  /// What Excel opens without being asked where its decimal separator is a comma: a byte order mark, semicolons, decimal
  /// commas, CRLF.
  static let excel = CSVDialect(
    mark: [0xEF, 0xBB, 0xBF], delimiter: UInt8(ascii: ";"), decimalSeparator: UInt8(ascii: ","),
    lineEnd: [UInt8(ascii: "\r"), UInt8(ascii: "\n")])
}
