package import FoundationEssentials

extension DeliveryPolicy {
  /// What holds a waiting notice back now; nil if it may be told.
  func hold(_ notice: Notice, _ circumstances: MessagePlan.Circumstances) -> Hold? {
    let (event, now) = (notice.event, circumstances.now)
    if circumstances.silences.contains(where: { $0.isActive(at: now) && $0.covers(event) }) { return .silence }
    guard event.severity < .critical else { return nil }
    let zone = zone ?? circumstances.billingTimeZone
    if let quietHours, quietHours.contain(now, in: zone) { return .quietHours }
    if let digest, digest.next(after: notice.since, in: zone) > now { return .digest }
    return nil
  }
}

extension DeliveryPolicy.QuietHours {
  /// Whether a moment lies in them: from ``from`` on one of the days, which counts, to ``to``, which does not.
  ///
  /// They go by the clock on the wall, so that the night of a change to or from daylight saving time is as quiet as any
  /// other: by an hour shorter or longer.
  package func contain(_ moment: Date, in zone: TimeZone) -> Bool {
    let local = LocalTime(moment, in: zone)
    let today = days.contains(Weekday(daysSince1970: local.day))
    guard from > to else { return today && local.minutes >= from.minutes && local.minutes < to.minutes }
    let yesterday = days.contains(Weekday(daysSince1970: local.day - 1))
    return (today && local.minutes >= from.minutes) || (yesterday && local.minutes < to.minutes)
  }
}

extension DeliveryPolicy.Digest {
  /// The first digest after a moment.
  package func next(after moment: Date, in zone: TimeZone) -> Date {
    let local = LocalTime(moment, in: zone)
    for day in local.day...(local.day + 7) where days.contains(Weekday(daysSince1970: day)) {
      let time = LocalTime.moment(day: day, minutes: at.minutes, in: zone)
      if time > moment { return time }
    }
    return moment
  }
}

/// What calendar and clock on the wall show.
package struct LocalTime: Hashable, Sendable {
  /// Days since 1970-01-01.
  package let day: Int
  /// Minutes since midnight.
  package let minutes: Int

  package init(_ moment: Date, in zone: TimeZone) {
    let seconds = Int(moment.timeIntervalSince1970.rounded(.down)) + zone.secondsFromGMT(for: moment)
    day = Int((Double(seconds) / 86_400).rounded(.down))
    minutes = (seconds - day * 86_400) / 60
  }

  /// The moment at which a clock shows a time. Where the clock is put forward over that time, the moment at which it is
  /// put forward by as much; where it shows the time twice, the first.
  package static func moment(day: Int, minutes: Int, in zone: TimeZone) -> Date {
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
