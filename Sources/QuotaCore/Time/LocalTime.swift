package import FoundationEssentials

/// What calendar and clock on the wall show.
package struct LocalTime: Hashable, Sendable {
  /// Days since 1970-01-01.
  package let day: Int
  /// Minutes since midnight.
  package let minutes: Int

  package init(_ moment: Date, in zone: TimeZone) {
    let seconds = Int(moment.timeIntervalSince1970.rounded(.down)) + zone.secondsFromGMT(for: moment)
    day = seconds.floored(by: 86_400)
    minutes = (seconds - day * 86_400) / 60
  }

  /// The moment at which a clock shows a time. Where the clock is put forward over that time, the moment at which it is
  /// put forward by as much; where it shows the time twice, the first.
  package static func moment(day: Int, minutes: Int = 0, in zone: TimeZone) -> Date {
    let wall = Date(timeIntervalSince1970: TimeInterval(day * 86_400 + minutes * 60))
    let before = zone.secondsFromGMT(for: wall.addingTimeInterval(-86_400))
    let after = zone.secondsFromGMT(for: wall.addingTimeInterval(86_400))
    let candidates = [before, after].map { wall.addingTimeInterval(-TimeInterval($0)) }
    let exact = candidates.filter { LocalTime($0, in: zone) == LocalTime(day: day, minutes: minutes) }
    return exact.min() ?? wall.addingTimeInterval(-TimeInterval(before))
  }

  private init(day: Int, minutes: Int) {
    self.day = day
    self.minutes = minutes
  }
}
