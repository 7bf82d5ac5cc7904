package import FoundationEssentials

/// A moment as people read it, in a zone: the same on every machine, whatever its locale.
extension Date {
  /// `2026-11-23 14:05Z` in UTC and `2026-11-23 15:05+01:00` elsewhere, as commands also take it.
  package func minute(in zone: TimeZone) -> String {
    let offset = zone.secondsFromGMT(for: self) / 60
    return wallClock(offset) + (offset == 0 ? "Z" : Self.sign(offset) + Self.clock(abs(offset)))
  }

  /// `2026-11-23 14:05 UTC` and `2026-11-23 15:05 UTC+1`, in sentences.
  package func words(in zone: TimeZone) -> String {
    let offset = zone.secondsFromGMT(for: self) / 60
    let (hours, minutes) = (abs(offset) / 60, abs(offset) % 60)
    let rest = minutes == 0 ? "" : ":" + Self.twoDigits(minutes)
    return "\(wallClock(offset)) UTC" + (offset == 0 ? "" : "\(offset < 0 ? "−" : "+")\(hours)\(rest)")
  }

  /// `2026-11-23`.
  package func day(in zone: TimeZone) -> String { String(minute(in: zone).prefix(10)) }

  /// What a clock shows that is so many minutes ahead of UTC.
  private func wallClock(_ offset: Int) -> String {
    String(unsafeUninitializedCapacity: Timestamp.length) { bytes in
      Timestamp.put(addingTimeInterval(TimeInterval(offset * 60)), in: bytes)
      bytes[10] = UInt8(ascii: " ")
      return 16
    }
  }

  private static func sign(_ offset: Int) -> String { offset < 0 ? "-" : "+" }

  private static func clock(_ minutes: Int) -> String { "\(twoDigits(minutes / 60)):\(twoDigits(minutes % 60))" }

  private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
