package import FoundationEssentials

/// For how long another side asks to be left alone.
package enum RetryAfter {
  /// Reads a `Retry-After` header (RFC 9110, section 10.2.3): seconds, or a date in any of the three forms of HTTP.
  ///
  /// - Parameters:
  ///   - header: the header's value; anything that is neither form says nothing.
  ///   - now: what a date is compared with.
  ///   - longest: what longer times are cut to.
  /// - Returns: at least one second, so that zero or a date in the past makes no busy loop.
  package static func parse(_ header: String?, now: Date, longest: TimeSpan = .hours(1)) -> TimeSpan? {
    guard let text = header.map({ $0.filter { $0 != "\t" } })?.trimmingSpaces, !text.isEmpty else { return nil }
    if text.hasOnlyDigits { return span(Double(text) ?? .infinity, longest) }
    return HTTPDate.parse(text, now: now).map { span($0.timeIntervalSince(now), longest) }
  }

  /// Reads a number of seconds as a JSON body holds it: a number, or a string with one; fractions count as a whole
  /// second.
  package static func parse(_ node: JSONNode?, longest: TimeSpan = .hours(1)) -> TimeSpan? {
    let text: String
    switch node?.value {
    case .number(let number): text = number
    case .string(let string): text = string.trimmingSpaces
    default: return nil
    }
    // `Double` also reads "inf", "nan" and hexadecimal numbers.
    guard text.utf8.allSatisfy({ "0123456789.eE+".utf8.contains($0) }), let seconds = Double(text) else { return nil }
    return span(seconds, longest)
  }

  private static func span(_ seconds: Double, _ longest: TimeSpan) -> TimeSpan {
    .seconds(Int64(min(max(seconds.rounded(.up), 1), Double(longest.seconds))))
  }
}

extension String {
  fileprivate var trimmingSpaces: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
