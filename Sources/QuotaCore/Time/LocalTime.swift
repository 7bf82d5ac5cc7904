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
    let (exact, before, _) = moments(day, minutes, zone)
    return exact.min() ?? before
  }

  /// The last moment at which a clock shows a time: where it shows the time twice, the second. Where the clock is put
  /// forward over that time, a moment before that.
  package static func lastMoment(day: Int, minutes: Int, in zone: TimeZone) -> Date {
    let (exact, _, after) = moments(day, minutes, zone)
    return exact.max() ?? after
  }

  /// When a clock shows a time, and when it would if it was put neither forward nor back that day: by its offset the day
  /// before, and the day after.
  private static func moments(_ day: Int, _ minutes: Int, _ zone: TimeZone) -> (
    exact: [Date], before: Date, after: Date
  ) {
    let wall = Date(timeIntervalSince1970: TimeInterval(day * 86_400 + minutes * 60))
    func moment(by offset: Int) -> Date { wall.addingTimeInterval(-TimeInterval(offset)) }
    let before = moment(by: zone.secondsFromGMT(for: wall.addingTimeInterval(-86_400)))
    let after = moment(by: zone.secondsFromGMT(for: wall.addingTimeInterval(86_400)))
    guard before != after else { return ([before], before, before) }
    let shown = LocalTime(day: day, minutes: minutes)
    return ([before, after].filter { LocalTime($0, in: zone) == shown }, before, after)
  }

  private init(day: Int, minutes: Int) {
    self.day = day
    self.minutes = minutes
  }
}
