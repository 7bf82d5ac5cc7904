internal import GRDB
internal import GRDBSQLite

/// One use of a compiled statement with its values bound; it ends with the value.
///
/// It goes to SQLite directly, since GRDB's arguments and rows box every value: that is most of the time of a report
/// with a million rows and of a collect run with ten thousand organizations.
struct SQLStatement: ~Copyable {
  private let statement: Statement
  private let handle: OpaquePointer

  /// A use of a statement that GRDB keeps compiled for the next one. SQL that is in use already, as by a visitor that
  /// reads, too, is compiled anew.
  init<each Value: SQLBindable>(_ sql: String, _ values: repeat each Value, in database: Database) throws {
    let kept = try database.cachedStatement(sql: sql)
    let statement = sqlite3_stmt_busy(kept.sqliteStatement) == 0 ? kept : try database.makeStatement(sql: sql)
    var parameter = SQLParameter(statement: statement.sqliteStatement, index: 0)
    for value in repeat each values {
      parameter.index += 1
      let result = try value.bind(to: parameter)
      guard result == SQLITE_OK else { throw Self.failure(result, of: parameter.statement) }
    }
    self.statement = statement
    handle = statement.sqliteStatement
  }

  deinit {
    sqlite3_reset(handle)
    sqlite3_clear_bindings(handle)
  }

  /// The next row, before its first column; nil at the end.
  func next() throws -> RowReader? {
    switch sqlite3_step(handle) {
    case SQLITE_ROW: return RowReader(of: handle)
    case SQLITE_DONE: return nil
    case let code: throw Self.failure(code, of: handle)
    }
  }

  /// Executes a statement that changes something and returns how many rows it has changed. Refuses to outside of a
  /// transaction: where a full disk has made SQLite roll back on its own, whatever follows would be a commit each.
  func run() throws -> Int {
    let connection = sqlite3_db_handle(handle)
    guard sqlite3_get_autocommit(connection) == 0 else { throw Self.failure(SQLITE_ABORT, of: handle) }
    while try next() != nil {}
    return Int(sqlite3_changes(connection))
  }

  private static func failure(_ code: Int32, of handle: OpaquePointer) -> DatabaseError {
    let message = sqlite3_errmsg(sqlite3_db_handle(handle)).map { String(cString: $0) }
    return DatabaseError(resultCode: ResultCode(rawValue: code), message: message)
  }
}

extension StoreTransaction {
  /// Executes a statement that changes something, and returns how many rows it has changed.
  @discardableResult
  func run<each Value: SQLBindable>(_ sql: String, _ values: repeat each Value) throws -> Int {
    try SQLStatement(sql, repeat each values, in: database).run()
  }

  /// Executes an insertion and returns the new row's number.
  func insert<each Value: SQLBindable>(_ sql: String, _ values: repeat each Value) throws -> Int64 {
    try run(sql, repeat each values)
    return database.lastInsertedRowID
  }

  /// Goes over the rows of a query in their order.
  func visit<each Value: SQLBindable>(
    _ sql: String, _ values: repeat each Value, row read: (inout RowReader) throws -> Void
  ) throws {
    let statement = try SQLStatement(sql, repeat each values, in: database)
    while var row = try statement.next() { try read(&row) }
  }

  /// What is read of each row of a query.
  func rows<Row, each Value: SQLBindable>(
    _ sql: String, _ values: repeat each Value, row read: (inout RowReader) throws -> Row
  ) throws -> [Row] {
    var rows: [Row] = []
    try visit(sql, repeat each values) { rows.append(try read(&$0)) }
    return rows
  }

  /// The first column of each row of a query.
  func column<Column: SQLReadable, each Value: SQLBindable>(
    _ sql: String, _ values: repeat each Value
  ) throws -> [Column] {
    try rows(sql, repeat each values) { try $0.next() }
  }

  /// What is read of a query's first row; nil if it has none.
  func first<Row, each Value: SQLBindable>(
    _ sql: String, _ values: repeat each Value, row read: (inout RowReader) throws -> Row
  ) throws -> Row? {
    let statement = try SQLStatement(sql, repeat each values, in: database)
    guard var row = try statement.next() else { return nil }
    return try read(&row)
  }

  /// The first column of a query's first row; nil if it has none.
  func value<Column: SQLReadable, each Value: SQLBindable>(
    _ sql: String, _ values: repeat each Value
  ) throws -> Column? {
    try first(sql, repeat each values) { try $0.next() }
  }
}
