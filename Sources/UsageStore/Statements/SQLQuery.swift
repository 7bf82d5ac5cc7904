internal import FoundationEssentials
internal import GRDB
internal import GRDBSQLite
internal import QuotaCore

/// One use of a prepared statement: bind the parameters in order, then step and read columns by index.
///
/// It goes to SQLite directly, since GRDB's arguments and rows box every value: that is most of the time of a report
/// with a million rows and of a collect run with ten thousand organizations. GRDB keeps the compiled statements.
struct SQLQuery: ~Copyable {
  private let statement: Statement
  private let handle: OpaquePointer
  private var parameters: Int32 = 0
  private var bindResult = SQLITE_OK

  /// A use of a statement that stays compiled for the next use. While it lasts, the same SQL cannot be used again.
  init(_ sql: String, in database: Database) throws {
    self.init(try database.cachedStatement(sql: sql))
  }

  /// A use of a statement that only the caller has.
  init(_ statement: Statement) {
    self.statement = statement
    handle = statement.sqliteStatement
  }

  deinit {
    sqlite3_reset(handle)
    sqlite3_clear_bindings(handle)
  }

  mutating func bind(_ text: String) {
    var text = text
    let result = text.withUTF8 { Self.bindText(handle, parameters + 1, $0) }
    bound(result)
  }

  mutating func bind(_ text: String?) {
    guard let text else { return bindNull() }
    bind(text)
  }

  mutating func bind(_ number: Int64) {
    bound(sqlite3_bind_int64(handle, parameters + 1, number))
  }

  mutating func bind(_ number: Int64?) {
    guard let number else { return bindNull() }
    bind(number)
  }

  mutating func bind(_ date: Date) {
    let result = Timestamp.withBytes(of: date) { Self.bindText(handle, parameters + 1, $0) }
    bound(result)
  }

  mutating func bind(_ date: Date?) {
    guard let date else { return bindNull() }
    bind(date)
  }

  mutating func bind(_ bytes: [UInt8]) {
    let result = bytes.withUnsafeBytes { buffer in
      buffer.isEmpty
        ? sqlite3_bind_zeroblob(handle, parameters + 1, 0)
        : sqlite3_bind_blob64(handle, parameters + 1, buffer.baseAddress, UInt64(buffer.count), Self.transient)
    }
    bound(result)
  }

  private mutating func bindNull() {
    bound(sqlite3_bind_null(handle, parameters + 1))
  }

  private mutating func bound(_ result: Int32) {
    parameters += 1
    if bindResult == SQLITE_OK { bindResult = result }
  }

  private static func bindText(
    _ handle: OpaquePointer, _ parameter: Int32, _ bytes: UnsafeBufferPointer<UInt8>
  ) -> Int32 {
    guard let start = bytes.baseAddress, !bytes.isEmpty else {
      return sqlite3_bind_text(handle, parameter, "", 0, transient)
    }
    return start.withMemoryRebound(to: CChar.self, capacity: bytes.count) {
      sqlite3_bind_text64(handle, parameter, $0, UInt64(bytes.count), transient, UInt8(SQLITE_UTF8))
    }
  }

  /// SQLITE_TRANSIENT, a cast that Swift does not import: SQLite copies the value before the call returns.
  private static var transient: sqlite3_destructor_type? {
    unsafeBitCast(Int(-1), to: sqlite3_destructor_type?.self)
  }

  /// Steps to the next row; false at the end.
  mutating func next() throws -> Bool {
    guard bindResult == SQLITE_OK else { throw failure(bindResult) }
    switch sqlite3_step(handle) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    case let code: throw failure(code)
    }
  }

  /// Executes a statement that changes something, which may then be bound anew. Refuses to outside of a transaction:
  /// where a full disk has made SQLite roll back on its own, whatever follows would be a commit each.
  mutating func run() throws {
    guard sqlite3_get_autocommit(sqlite3_db_handle(handle)) == 0 else { throw failure(SQLITE_ABORT) }
    while try next() {}
    sqlite3_reset(handle)
    parameters = 0
  }

  private func failure(_ code: Int32) -> DatabaseError {
    let message = sqlite3_errmsg(sqlite3_db_handle(handle)).map { String(cString: $0) }
    return DatabaseError(resultCode: ResultCode(rawValue: code), message: message)
  }
}

// MARK: - Columns of the current row

extension SQLQuery {
  func isNull(_ column: Int32) -> Bool {
    sqlite3_column_type(handle, column) == SQLITE_NULL
  }

  /// The bytes of a text, valid until the next step.
  func bytes(_ column: Int32) -> UnsafeBufferPointer<UInt8> {
    guard let start = sqlite3_column_text(handle, column) else { return UnsafeBufferPointer(start: nil, count: 0) }
    return UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column)))
  }

  func text(_ column: Int32) -> String {
    String(decoding: bytes(column), as: UTF8.self)
  }

  func optionalText(_ column: Int32) -> String? {
    isNull(column) ? nil : text(column)
  }

  func blob(_ column: Int32) -> [UInt8] {
    let start = sqlite3_column_blob(handle, column)
    return Array(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column))))
  }

  func integer(_ column: Int32) -> Int64 {
    sqlite3_column_int64(handle, column)
  }

  func optionalInteger(_ column: Int32) -> Int64? {
    isNull(column) ? nil : integer(column)
  }

  func time(_ column: Int32) throws -> Date {
    guard let date = Timestamp.date(bytes(column)) else { throw unreadable("a time", column) }
    return date
  }

  func optionalTime(_ column: Int32) throws -> Date? {
    isNull(column) ? nil : try time(column)
  }

  func month(_ column: Int32) throws -> BillingMonth {
    guard let month = BillingMonth(utf8: bytes(column)) else { throw unreadable("a month", column) }
    return month
  }

  /// One of an enumeration's words.
  func word<Word: RawRepresentable<String>>(_ column: Int32, _ type: Word.Type) throws -> Word {
    guard let word = Word(rawValue: text(column)) else { throw unreadable("a known word", column) }
    return word
  }

  /// What to say of a value that this program did not write.
  func unreadable(_ expected: String, _ column: Int32) -> UnreadableValue {
    let name = sqlite3_column_name(handle, column).map { String(cString: $0) } ?? ""
    return UnreadableValue(column: name, expected: expected)
  }
}

/// A stored value that no version of this program writes.
struct UnreadableValue: Error {
  let column: String
  let expected: String
}
