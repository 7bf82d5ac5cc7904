package import FoundationEssentials

extension DeliveryPolicy {
  /// What holds a waiting notice back now; nil if it may be told.
  func hold(_ notice: Notice, _ circumstances: MessagePlan.Circumstances) -> Hold? {
    let (event, now) = (notice.event, circumstances.now)
    // Nothing is watched while every key is refused: that cannot wait.
    if event.topic.kind.cannotWait { return nil }
    if event.topic.kind.waitsForKeys, circumstances.notifiedOfKeys.contains(notice.notifier) { return .keys }
    if circumstances.silences.contains(where: { $0.isActive(at: now) && $0.covers(event) }) { return .silence }
    guard event.severity < .critical else { return nil }
    let zone = zone ?? circumstances.billingTimeZone
    if let quietHours, quietHours.contain(now, in: zone) { return .quietHours }
    // Since when a notice waits is not known where a clock was ahead.
    if let digest, notice.since <= now, digest.next(after: notice.since, in: zone) > now { return .digest }
    return nil
  }
}

extension DeliveryPolicy.QuietHours {
  /// Whether a moment lies in them: from ``from`` on one of the days, which counts, to ``to``, which does not.
  ///
  /// They go by the clock on the wall, so that the night of a change to or from daylight saving time is as quiet as any
  /// other, by an hour shorter or longer. What the clock shows twice is quiet from the first time to the second: they never
  /// end and begin again.
  package func contain(_ moment: Date, in zone: TimeZone) -> Bool {
    let local = LocalTime(moment, in: zone)
    return [local.day - 1, local.day].contains { day in
      guard days.contains(Weekday(daysSince1970: day)) else { return false }
      let lastDay = from > to ? day + 1 : day
      let hasBegun =
        (local.day, local.minutes) >= (day, from.minutes)
        || moment >= LocalTime.moment(day: day, minutes: from.minutes, in: zone)
      let hasEnded =
        (local.day, local.minutes) >= (lastDay, to.minutes)
        && moment >= LocalTime.lastMoment(day: lastDay, minutes: to.minutes, in: zone)
      return hasBegun && !hasEnded
    }
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
