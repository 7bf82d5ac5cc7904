import QuotaCore

/// How a message looks at a glance.
enum Tone: Hashable, CaseIterable, Comparable {
  case test
  case resolved
  case acknowledged
  case info
  case notice
  case warning
  case critical

  init(_ event: Event) {
    switch event.transition {
    case .test: self = .test
    case .resolved: self = .resolved
    case .acknowledged, .expired, .retired: self = .acknowledged
    case .firing, .reopened, .reminder: self = Self.firing(event)
    }
  }

  /// By the severity, as long as there is something left of a quota: a step above when it is used up, and a step below as
  /// long as a quarter of it is left.
  private static func firing(_ event: Event) -> Tone {
    let steps: [Tone] = [.info, .notice, .warning, .critical]
    let usual =
      switch event.severity {
      case .info: 0
      case .warning: 2
      case .critical: 3
      }
    let step =
      switch share(event) {
      case nil: 0
      case let share? where share >= 10_000: 1
      case let share? where share < 7_500: -1
      case _?: 0
      }
    return steps[min(max(usual + step, 0), steps.count - 1)]
  }

  /// The part of a quota that was reached, in hundredths of a percent; nil for what tells no such thing, or only expects it.
  private static func share(_ event: Event) -> Int64? {
    guard event.evidence.projected == nil, case .percent(let hundredths)? = event.level else { return nil }
    return hundredths
  }

  /// Whether an alert fires.
  var isFiring: Bool { self >= .info }

  /// The most urgent event's.
  init(_ group: EventGroup) {
    self = group.events.map { Self($0) }.max() ?? .info
  }

  var symbol: String {
    switch self {
    case .test: "🧪"
    case .resolved: "✅"
    case .acknowledged: "👀"
    case .info: "🔵"
    case .notice: "🟡"
    case .warning: "🟠"
    case .critical: "🔴"
    }
  }

  /// Red, green and blue as `1a7f37`, to be read on white.
  var colour: String {
    switch self {
    case .test, .info, .acknowledged: "57606a"
    case .resolved: "1a7f37"
    case .notice: "9a6700"
    case .warning: "bc4c00"
    case .critical: "cf222e"
    }
  }

  /// The same, to be read on black.
  var darkColour: String {
    switch self {
    case .test, .info, .acknowledged: "9198a1"
    case .resolved: "3fb950"
    case .notice: "d29922"
    case .warning: "f0883e"
    case .critical: "ff7b72"
    }
  }
}
