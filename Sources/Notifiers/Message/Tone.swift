import QuotaCore

/// How a message looks at a glance.
enum Tone: Hashable, CaseIterable {
  case test
  case resolved
  case acknowledged
  case info
  case warning
  case critical

  init(_ event: Event) {
    switch event.transition {
    case .test: self = .test
    case .resolved: self = .resolved
    case .acknowledged, .expired, .retired: self = .acknowledged
    case .firing, .reopened, .reminder: self = Self(event.severity)
    }
  }

  /// The most urgent event's.
  init(_ group: EventGroup) {
    let tones = group.events.map { Self($0) }
    self = Self.allCases.last { tones.contains($0) } ?? .info
  }

  private init(_ severity: Severity) {
    switch severity {
    case .info: self = .info
    case .warning: self = .warning
    case .critical: self = .critical
    }
  }

  var symbol: String {
    switch self {
    case .test: "🧪"
    case .resolved: "✅"
    case .acknowledged: "👀"
    case .info: "🔵"
    case .warning: "🟠"
    case .critical: "🔴"
    }
  }

  /// Red, green and blue as `1a7f37`.
  var colour: String {
    switch self {
    case .test, .info, .acknowledged: "57606a"
    case .resolved: "1a7f37"
    case .warning: "9a6700"
    case .critical: "cf222e"
    }
  }
}
