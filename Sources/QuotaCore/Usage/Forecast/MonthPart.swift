/// The first and the last days of a month, which often differ from those between: invoices that come at once, books that
/// are closed.
enum MonthPart: CaseIterable {
  case between
  case beginning
  case end

  /// How many days the beginning and the end have.
  static let days = 3
}

/// A value for each part of a month.
struct ByMonthPart<Value> {
  var between: Value
  var beginning: Value
  var end: Value

  subscript(part: MonthPart) -> Value {
    switch part {
    case .between: between
    case .beginning: beginning
    case .end: end
    }
  }

  mutating func forEach(_ body: (inout Value) -> Void) {
    body(&between)
    body(&beginning)
    body(&end)
  }
}

extension ByMonthPart {
  init(repeating value: Value) {
    self.init(between: value, beginning: value, end: value)
  }
}

extension ByMonthPart: Sendable where Value: Sendable {}
extension ByMonthPart: Equatable where Value: Equatable {}
extension ByMonthPart: Hashable where Value: Hashable {}

/// What is used on the days of each part as a part of what is used on the days between.
typealias MonthFactors = ByMonthPart<Double>

extension MonthFactors {
  /// All days are alike.
  static var none: MonthFactors { MonthFactors(repeating: 1) }
}
