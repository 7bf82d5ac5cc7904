internal import FoundationEssentials
internal import GRDBSQLite
internal import QuotaCore

/// A value that a statement takes.
protocol SQLBindable {
  /// - Returns: SQLite's result code.
  func bind(to parameter: SQLParameter) throws -> Int32
}

/// A value that a column holds.
protocol SQLReadable {
  /// What the column should hold where ``init(_:)`` gives nil, such as `a time`.
  static var expected: String { get }

  init?(_ column: SQLColumn)
}

typealias SQLValue = SQLBindable & SQLReadable

/// A parameter of a statement, from 1. SQLite copies what is set.
struct SQLParameter {
  let statement: OpaquePointer
  var index: Int32

  func set(_ number: Int64) -> Int32 { sqlite3_bind_int64(statement, index, number) }

  func setNull() -> Int32 { sqlite3_bind_null(statement, index) }

  func set(text bytes: UnsafeBufferPointer<UInt8>) -> Int32 {
    guard let start = bytes.baseAddress, !bytes.isEmpty else {
      return sqlite3_bind_text(statement, index, "", 0, Self.transient)
    }
    return start.withMemoryRebound(to: CChar.self, capacity: bytes.count) {
      sqlite3_bind_text64(statement, index, $0, UInt64(bytes.count), Self.transient, UInt8(SQLITE_UTF8))
    }
  }

  func set(blob bytes: UnsafeRawBufferPointer) -> Int32 {
    bytes.isEmpty
      ? sqlite3_bind_zeroblob(statement, index, 0)
      : sqlite3_bind_blob64(statement, index, bytes.baseAddress, UInt64(bytes.count), Self.transient)
  }

  /// SQLITE_TRANSIENT, a cast that Swift does not import: SQLite copies the value before the call returns.
  private static var transient: sqlite3_destructor_type? {
    unsafeBitCast(Int(-1), to: sqlite3_destructor_type?.self)
  }
}

// MARK: - SQLite's own types

extension String: SQLValue {
  static var expected: String { "a text" }
  func bind(to parameter: SQLParameter) -> Int32 {
    var text = self
    return text.withUTF8 { parameter.set(text: $0) }
  }
  init(_ column: SQLColumn) { self = column.text }
}

extension Int64: SQLValue {
  static var expected: String { "a number" }
  func bind(to parameter: SQLParameter) -> Int32 { parameter.set(self) }
  init(_ column: SQLColumn) { self = column.integer }
}

extension Int: SQLValue {
  static var expected: String { Int64.expected }
  func bind(to parameter: SQLParameter) -> Int32 { parameter.set(Int64(self)) }
  init(_ column: SQLColumn) { self = Int(column.integer) }
}

extension Bool: SQLValue {
  static var expected: String { "0 or 1" }
  func bind(to parameter: SQLParameter) -> Int32 { parameter.set(self ? 1 : 0) }
  init(_ column: SQLColumn) { self = column.integer != 0 }
}

extension [UInt8]: SQLValue {
  static var expected: String { "bytes" }
  func bind(to parameter: SQLParameter) -> Int32 { withUnsafeBytes { parameter.set(blob: $0) } }
  init(_ column: SQLColumn) { self = column.blob }
}

/// NULL where there is no value.
extension Optional: SQLBindable where Wrapped: SQLBindable {
  func bind(to parameter: SQLParameter) throws -> Int32 { try self?.bind(to: parameter) ?? parameter.setNull() }
}

extension Optional: SQLReadable where Wrapped: SQLReadable {
  static var expected: String { Wrapped.expected }
  init?(_ column: SQLColumn) {
    if column.isNull {
      self = .none
    } else if let value = Wrapped(column) {
      self = value
    } else {
      return nil
    }
  }
}

// MARK: - Types that are kept as text

extension Date: SQLValue {
  static var expected: String { "a time" }
  func bind(to parameter: SQLParameter) -> Int32 {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Timestamp.length) {
      Timestamp.put(self, in: $0)
      return parameter.set(text: UnsafeBufferPointer($0))
    }
  }
  init?(_ column: SQLColumn) {
    guard let date = Timestamp.date(column.bytes) else { return nil }
    self = date
  }
}

/// A type whose values have one spelling.
protocol SQLText: SQLValue {
  var spelling: String { get }
  init?(spelling: String)
}

extension SQLText {
  func bind(to parameter: SQLParameter) -> Int32 { spelling.bind(to: parameter) }
  init?(_ column: SQLColumn) { self.init(spelling: column.text) }
}

extension RawRepresentable<String> where Self: SQLText {
  static var expected: String { "a known word" }
  var spelling: String { rawValue }
  init?(spelling: String) { self.init(rawValue: spelling) }
}

extension ID: SQLText {}
extension ExecutionID: SQLText { static var expected: String { "an id" } }

extension Alert.Status: SQLText {}
extension BreakerTrip.Ending: SQLText {}
extension ChargeCategory: SQLText {}
extension Delivery.Status: SQLText {}
extension DropReason: SQLText {}
extension Event.Transition: SQLText {}
extension ExecutionKind: SQLText {}
extension ExecutionOrigin: SQLText {}
extension ExecutionStatus: SQLText {}
extension Hold: SQLText {}
extension Act.Kind: SQLText {}
extension Act.Way: SQLText {}
extension InvoiceIssueStatus: SQLText {}
extension Metric: SQLText {}
extension ReadingFailure.Reason: SQLText {}
extension ReconciliationStatus: SQLText {}
extension Severity: SQLText {}
extension StatedTotal.Kind: SQLText {}
extension StoredMoment.Source: SQLText {}

extension BillingMonth: SQLText {
  static var expected: String { "a month" }
  var spelling: String { description }
  init?(spelling: String) { self.init(spelling) }
  init?(_ column: SQLColumn) { self.init(utf8: column.bytes) }
}

extension Level: SQLText {
  static var expected: String { "a level" }
  var spelling: String { description }
  init?(spelling: String) { self.init(spelling) }
}

extension Currency: SQLText {
  static var expected: String { "a currency" }
  var spelling: String { description }
  init?(spelling: String) { self.init(spelling) }
}

extension ExactDecimal: SQLText {
  static var expected: String { "a decimal number" }
  var spelling: String { description }
  init?(spelling: String) { self.init(spelling) }
}

/// A part of a key that may be absent, which is '': NULL equals nothing.
struct OrEmpty<Value: SQLText>: SQLValue {
  let value: Value?

  init(_ value: Value?) { self.value = value }

  static var expected: String { Value.expected }

  func bind(to parameter: SQLParameter) throws -> Int32 {
    try value?.bind(to: parameter) ?? parameter.set(text: UnsafeBufferPointer(start: nil, count: 0))
  }

  init?(_ column: SQLColumn) {
    value = column.bytes.isEmpty ? nil : Value(column)
    if value == nil, !column.bytes.isEmpty { return nil }
  }
}
