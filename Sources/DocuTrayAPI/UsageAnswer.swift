import FoundationEssentials
import QuotaCore

/// The body of a 200 answer: `{"year": 2026, "month": 4, "successful_pages": 1234, "successful_conversions": 89}`.
///
/// Anything less than this whole is a failure, never a zero and never a part of a reading. Further fields are fine.
struct UsageAnswer {
  let month: BillingMonth
  let counters: Counters

  init(_ body: [UInt8]) throws(ReadingFailure) {
    let root = try Self.root(body)
    let year = try Self.integer("year", of: root)
    let monthNumber = try Self.integer("month", of: root)
    guard let year = Int(exactly: year), let number = Int(exactly: monthNumber),
      let month = BillingMonth(year: year, month: number)
    else {
      throw Self.failure("the answer names year \(year) and month \(monthNumber), which is no month from 2020 to 2100")
    }
    self.month = month
    counters = Counters(
      pages: try Self.counter("successful_pages", of: root),
      conversions: try Self.counter("successful_conversions", of: root))
  }

  /// Refuses the answer for another month than was asked for.
  ///
  /// - Parameters:
  ///   - asked: nil if the vendor was asked for its own current month, which begins and ends with the day of a time zone that
  ///     nobody knows.
  ///   - times: what the clocks show of which one may be right, ours first; one by which the month goes on is enough.
  func judge(asked: BillingMonth?, at times: [Date]) throws(ReadingFailure) {
    if let asked {
      guard month == asked else { throw Self.failure("asked for \(asked), the answer is for \(month)") }
      return
    }
    guard !times.contains(where: { Self.isCurrent(month, at: $0) }) else { return }
    let day = times.first.map { CivilDate(dayNumber: LocalTime($0, in: .gmt).day).description } ?? "no day"
    throw Self.failure("the answer takes \(month) for the current month, but by this machine's clock it is \(day)")
  }

  /// Whether a month goes on anywhere, from the first zone of the world, which is 14 hours ahead of UTC, to the last, 12 behind;
  /// and an hour more for clocks.
  private static func isCurrent(_ month: BillingMonth, at time: Date) -> Bool {
    let period = month.period(in: .gmt)
    return period.lowerBound - .hours(15) <= time && time < period.upperBound + .hours(13)
  }

  private static func failure(_ message: String) -> ReadingFailure { ReadingFailure(.invalidAnswer, message) }

  private static func root(_ body: [UInt8]) throws(ReadingFailure) -> JSONNode {
    guard body.contains(where: { !" \t\r\n".utf8.contains($0) }) else { throw failure("the answer is empty") }
    guard !Obstacle.isWebPage(body) else { throw ReadingFailure(.gateway, Obstacle.words(Obstacle.webPage, 200)) }
    let root: JSONNode
    do throws(JSONSyntaxError) {
      root = try JSONParser.parse(body)
    } catch {
      // The parser's message may repeat names of the body, which are not ours to show.
      throw failure("the answer is not valid JSON (at byte \(error.offset) of \(body.count))")
    }
    guard case .object = root.value else { throw failure("the answer is \(root.kind) instead of an object") }
    return root
  }

  private static func integer(_ name: String, of root: JSONNode) throws(ReadingFailure) -> Int64 {
    guard let node = root[name] else { throw failure("the answer has no \"\(name)\"") }
    if let number = node.integer { return number }
    guard case .number(let text) = node.value else {
      throw failure("\"\(name)\" of the answer is \(node.kind) instead of a whole number")
    }
    throw failure("\"\(name)\" of the answer is \(ForeignText.line(text, limit: 40)), which is not a whole number")
  }

  private static func counter(_ name: String, of root: JSONNode) throws(ReadingFailure) -> Int64 {
    let number = try integer(name, of: root)
    guard number >= 0 else { throw failure("\"\(name)\" of the answer is negative (\(number))") }
    return number
  }
}
