internal import FoundationEssentials
internal import GRDBSQLite
internal import Glibc

/// Reads the columns of a row from left to right, each as the type that is wanted there. Valid until the next step.
struct RowReader {
  private var column: SQLColumn

  init(of statement: OpaquePointer) {
    column = SQLColumn(statement: statement, index: 0)
  }

  /// The next column's value.
  mutating func next<Value: SQLReadable>(_ type: Value.Type = Value.self) throws -> Value {
    guard let value = Value(column) else {
      throw UnreadableValue(column: column.name, expected: Value.expected)
    }
    column.index += 1
    return value
  }

  /// The next two columns' times, of which the second is mostly the same as the first: then only one is parsed.
  mutating func nextTimes() throws -> (Date, Date) {
    let bytes = column.bytes
    let first: Date = try next()
    guard column.holds(bytes) else { return (first, try next()) }
    column.index += 1
    return (first, first)
  }

  /// The bytes of the next column's text, valid until the next step.
  mutating func nextBytes() -> UnsafeBufferPointer<UInt8> {
    defer { column.index += 1 }
    return column.bytes
  }

  /// Whether the next column is NULL: what is joined is not there.
  var isAtNull: Bool { column.isNull }
}

/// A stored value that no version of this program writes.
struct UnreadableValue: Error {
  let column: String
  let expected: String
}

/// A column of a statement's current row.
struct SQLColumn {
  let statement: OpaquePointer
  /// From 0.
  fileprivate(set) var index: Int32

  var isNull: Bool { sqlite3_column_type(statement, index) == SQLITE_NULL }

  /// The bytes of a text, valid until the next step.
  var bytes: UnsafeBufferPointer<UInt8> {
    guard let start = sqlite3_column_text(statement, index) else { return UnsafeBufferPointer(start: nil, count: 0) }
    return UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, index)))
  }

  /// Whether its text consists of these bytes.
  func holds(_ others: UnsafeBufferPointer<UInt8>) -> Bool {
    let bytes = bytes
    guard let first = bytes.baseAddress, let second = others.baseAddress else { return false }
    return bytes.count == others.count && memcmp(first, second, bytes.count) == 0
  }

  var text: String { String(decoding: bytes, as: UTF8.self) }

  var integer: Int64 { sqlite3_column_int64(statement, index) }

  var blob: [UInt8] {
    let start = sqlite3_column_blob(statement, index)
    return Array(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, index))))
  }

  var name: String { sqlite3_column_name(statement, index).map { String(cString: $0) } ?? "" }
}
