package import FoundationEssentials

/// How numbers, levels and times are written for people: the same on every machine, whatever its locale.
package enum MessageFormat {
  /// `80 %`, `99.5 %` or `5,000`.
  package static func level(_ level: Level) -> String {
    switch level {
    case .count(let count): count.grouped
    case .percent: level.description.dropLast() + " %"
    }
  }

  /// `8,200 of 10,000 pages`, or `8,200 pages` without a quota.
  package static func figures(used: Int64, quota: Int64?, metric: Metric?) -> String {
    let of = quota.map { " of \($0.grouped)" } ?? (metric == nil ? " used" : "")
    return used.grouped + of + (metric.map { " \($0.rawValue)" } ?? "")
  }

  /// `50 %, 80 % and 100 %`; of many the first and how many more there are.
  package static func list(_ items: [String]) -> String {
    let most = 20
    guard items.count <= most else {
      return list(items.prefix(most - 1) + ["\((items.count - most + 1).grouped) more"])
    }
    guard let last = items.last, items.count > 1 else { return items.first ?? "" }
    return items.dropLast().joined(separator: ", ") + " and " + last
  }

  /// `24 h`, `90 min` or `7 days`, in the largest unit that is exact.
  package static func span(seconds: Int64) -> String {
    if seconds >= 172_800, seconds.isMultiple(of: 86_400) { return "\(seconds / 86_400) days" }
    if seconds.isMultiple(of: 3_600) { return "\(seconds / 3_600) h" }
    return seconds.isMultiple(of: 60) ? "\(seconds / 60) min" : "\(seconds) s"
  }

  /// `7 days left`, in whole days.
  package static func timeLeft(from now: Date, to end: Date) -> String {
    let days = Int64((end.timeIntervalSince(now) / 86_400).rounded(.down))
    if now >= end { return "over" }
    if days < 1 { return "less than a day left" }
    return days == 1 ? "1 day left" : "\(days) days left"
  }

  /// A bar of fixed width; full at 100 % and above.
  package static func bar(percent: Int64, width: Int = 20) -> String {
    let filled = Int(min(max(percent, 0), 100)) * width / 100
    return String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
  }
}
