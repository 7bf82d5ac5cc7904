/// Levels past the last one that is named, again and again.
struct ThresholdSteps: Hashable, Sendable {
  /// How far apart they are, as a percentage of the quota or as a count.
  let size: Level
  /// The last named level of the same kind, in the unit of the size; 0 if none is named.
  private let base: Int64

  /// Above this nobody counts: the greatest percentage that a level can be, in hundredths.
  private static let largestPercentage: Int64 = 10_000_000

  init(_ size: Level, after levels: [Level]) {
    self.size = size
    base =
      levels.map { level in
        switch (size, level) {
        case (.percent, .percent(let value)), (.count, .count(let value)): value
        case (.percent, .count), (.count, .percent): 0
        }
      }.max() ?? 0
  }

  /// Whether a level lies where steps do: past the named levels, and of the same kind.
  func mayHave(_ level: Level) -> Bool {
    switch (size, level) {
    case (.percent, .percent(let value)), (.count, .count(let value)): value > base
    case (.percent, .count), (.count, .percent): false
    }
  }

  /// The highest step that is reached, if any is. With a quota of 0, a percentage has no steps.
  func highest(used: Int64, quota: Int64?) -> Level? {
    switch size {
    case .count(let size):
      return Self.last(of: size, past: base, upTo: used).map(Level.count)
    case .percent(let size):
      guard let quota, quota > 0 else { return nil }
      return Self.last(of: size, past: base, upTo: Self.percentage(used, of: quota))
        .map(Level.percent(hundredths:))
    }
  }

  private static func last(of size: Int64, past base: Int64, upTo reached: Int64) -> Int64? {
    guard reached > base else { return nil }
    let steps = (reached - base) / size
    return steps > 0 ? base + steps * size : nil
  }

  /// In hundredths of a percent, rounded down.
  private static func percentage(_ used: Int64, of quota: Int64) -> Int64 {
    guard used / quota < largestPercentage / 10_000 else { return largestPercentage }
    return quota.dividingFullWidth(used.multipliedFullWidth(by: 10_000)).quotient
  }
}
