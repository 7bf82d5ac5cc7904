import FoundationEssentials
import QuotaCore

/// What a cell of a report says, before it is written down in any format.
enum ReportCell: Hashable, Sendable {
  /// There is no value: an empty cell, or `null`.
  case missing
  case text(String)
  case whole(Int64)
  /// A decimal number with at least so many decimals; nothing is rounded.
  case decimal(ExactDecimal, minimumDecimals: Int)
  case month(BillingMonth)
  case time(Date)

  /// The text, or ``missing`` without one.
  static func text(ifAny text: String?) -> ReportCell {
    guard let text, !text.isEmpty else { return .missing }
    return .text(text)
  }

  static func whole(ifAny number: Int64?) -> ReportCell { number.map { .whole($0) } ?? .missing }

  static func decimal(ifAny number: ExactDecimal?, minimumDecimals: Int = 0) -> ReportCell {
    number.map { .decimal($0, minimumDecimals: minimumDecimals) } ?? .missing
  }

  static func month(ifAny month: BillingMonth?) -> ReportCell { month.map { .month($0) } ?? .missing }

  static func time(ifAny time: Date?) -> ReportCell { time.map { .time($0) } ?? .missing }
}
