import FoundationEssentials
import QuotaCore

extension Date {
  /// `2026-11-23 14:05Z`.
  var minute: String {
    let text = iso8601
    return "\(text.prefix(10)) \(text.dropFirst(11).prefix(5))Z"
  }
}

extension Int64? {
  /// `12,345`, or a dash.
  var grouped: String { map(\.grouped) ?? "–" }
}
