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

/// How far apart steps are as it is written: what a plain number means depends on the levels beside it.
struct LevelStep: Sendable {
  /// Nil where it cannot be that.
  let besidePercentages: Level?
  let otherwise: Level?
}

extension Shape<LevelStep> {
  /// `10` or `"10%"`.
  static var levelStep: Shape {
    Shape(
      "number, or text such as `\"10%\"`",
      [
        .init(
          "anyOf",
          [
            ["type": "number", "minimum": .number("0.01"), "maximum": .number("\(Quota.largest)")],
            ["type": "string", "pattern": #"^(?!0+(?:\.0+)?%)[0-9]{1,6}(?:\.[0-9]{1,2})?%$"#],
          ])
      ],
      accepts: ["2.5%", "10%", 1_000], refuses: [0, -1, "0%", "10 %", "10", "1.125%", [5], .null],
      beyond: ["100001%", .number("0.125")]
    ) { node in
      let step: LevelStep
      switch node.json.value {
      case .string(let text):
        let level = Level(text).flatMap { if case .percent = $0 { $0 } else { nil } }
        step = LevelStep(besidePercentages: level, otherwise: level)
      case .number(let text):
        step = LevelStep(
          besidePercentages: Level.hundredths(text).map(Level.percent(hundredths:)),
          otherwise: Int64(text).flatMap { (1...Quota.largest).contains($0) ? .count($0) : nil })
      default: step = LevelStep(besidePercentages: nil, otherwise: nil)
      }
      guard step.besidePercentages != nil || step.otherwise != nil else {
        node.report("expected a whole number, or a percentage such as \"10%\" with at most two decimals")
        return nil
      }
      return step
    }
  }
}
