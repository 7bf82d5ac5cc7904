import FoundationEssentials
import Glibc
import QuotaCore
import QuotaService

/// The zone of whoever reads the terminal, where they name none: what `TZ` says, in the forms of tzset(3), or else the machine's.
struct MachineZone {
  let zone: TimeZone
  /// That `TZ` is not understood, and what is shown instead; nil if it is.
  let problem: String?

  /// - Parameter text: what `TZ` is; nil where it is not set.
  init(_ text: String?) {
    guard let text else {
      (zone, problem) = (.current, nil)
      return
    }
    let zone = Self.zone(text)
    self.zone = zone ?? .gmt
    problem =
      zone == nil
      ? "TZ is \"\(text)\", which is no zone that is known: times are in UTC; name one with --time-zone, such as Europe/Berlin"
      : nil
  }

  private static func zone(_ text: String) -> TimeZone? {
    let name = text.hasPrefix(":") ? String(text.dropFirst()) : text
    if name.isEmpty { return .gmt }
    if name.hasPrefix("/") { return file(name).flatMap(TimeZoneDatabase.system.find) }
    return offset(name) ?? TimeZoneDatabase.system.find(name)
  }

  /// The name of the zone that a file holds, by where it lies behind links.
  private static func file(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    let real = String(cString: resolved)
    return real.firstRange(of: "/zoneinfo/").map { String(real[$0.upperBound...]) }
  }

  /// A zone that is always so many hours and minutes west of UTC, such as `UTC+3` or `<+0530>-5:30`.
  private static func offset(_ text: String) -> TimeZone? {
    guard let parts = text.wholeMatch(of: /(?:[A-Za-z]{3,}|<[A-Za-z0-9+-]{3,}>)([+-]?)([0-9]{1,2})(?::([0-9]{2}))?/),
      let hours = Int(parts.2), hours <= 24
    else { return nil }
    let seconds = hours * 3_600 + (parts.3.flatMap { Int($0) } ?? 0) * 60
    return TimeZone(secondsFromGMT: parts.1 == "-" ? seconds : -seconds)
  }
}
