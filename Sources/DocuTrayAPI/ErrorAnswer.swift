import FoundationEssentials
import QuotaCore

/// What is of use in the body of an error: the text in `error` or `message`, and `retryAfter`. Each may be missing, and
/// the body may be no JSON at all.
struct ErrorAnswer {
  let text: String?
  /// ``text`` as the end of a sentence; empty if there is none.
  var said: String { text.map { ": \($0)" } ?? "" }
  /// At most an hour.
  let retryAfter: TimeSpan?
  /// ``retryAfter``, or the reset time where that is missing or 0; at most a day.
  let longRetryAfter: TimeSpan?
  /// `minute`, `hour` or `day`.
  let limitType: String?

  init(_ body: [UInt8], hiding key: Secret, at now: Date) {
    let root = try? JSONParser.parse(body)
    let texts = ["error", "message"].compactMap { root?[$0]?.string }.map { ForeignText.line($0, hiding: [key]) }
    let details: JSONList = if case .array(let items)? = root?["errors"]?.value { items } else { [] }
    let shown = details.prefix(3).compactMap(\.string).map { ForeignText.line($0, hiding: [key]) }
    text = texts.first { !$0.isEmpty }.map { ([$0] + shown).joined(separator: "; ") } ?? shown.first
    retryAfter = RetryAfter.parse(root?["retryAfter"])
    limitType = root?["limitType"]?.string.flatMap { ["minute", "hour", "day"].contains($0) ? $0 : nil }
    let stated = Self.number(root?["retryAfter"]) == 0 ? nil : RetryAfter.parse(root?["retryAfter"], longest: .days(1))
    longRetryAfter = stated ?? Self.number(root?["resetTime"]).flatMap { Self.reset($0, from: now) }
  }

  private static func number(_ node: JSONNode?) -> Double? {
    if case .number(let text)? = node?.value { Double(text) } else { nil }
  }

  /// How long a limit lasts by `resetTime`, whose unit is not documented: taken as milliseconds or seconds since 1970
  /// where it is near now, and else as seconds from now. At most a day, and nil for what is none of these or over.
  private static func reset(_ resetTime: Double, from now: Date) -> TimeSpan? {
    let day = 86_400.0
    let present = now.timeIntervalSince1970
    let seconds = [resetTime / 1_000 - present, resetTime - present].first { abs($0) <= day } ?? resetTime
    return seconds > 0 && seconds <= day ? .seconds(Int64(seconds.rounded(.up))) : nil
  }
}
