/// The first and the last days of a month, which often differ from those between: invoices that come at once, books that
/// are closed.
enum MonthPart: UInt8 {
  case between
  case beginning
  case end

  /// How many days the beginning and the end have.
  static let days = 3
}

/// For each part of a month, what is used on its days as a part of what is used on the days between.
struct MonthFactors: Hashable, Sendable {
  var beginning = 1.0
  var end = 1.0

  subscript(part: MonthPart) -> Double {
    switch part {
    case .between: 1
    case .beginning: beginning
    case .end: end
    }
  }
}
