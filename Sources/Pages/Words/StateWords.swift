import QuotaCore

/// How much something stands out. Each has a sign and words besides its colour.
enum Accent: String {
  case good, info, warning, critical, muted
}

/// A word with a sign and a colour.
struct StateBadge {
  let accent: Accent
  let sign: String
  let words: String

  init(_ accent: Accent, _ sign: String, _ words: String) {
    (self.accent, self.sign, self.words) = (accent, sign, words)
  }

  var markup: Markup {
    Markup(
      "<span class=\"badge \(accent.rawValue)\"><span aria-hidden=\"true\">\(sign)</span> \(words.escapedForHTML)</span>"
    )
  }
}

extension StateBadge {
  static func together(_ badges: [StateBadge]) -> Markup {
    Markup(badges.map(\.markup.html).joined(separator: " "))
  }
}

extension StatusRow {
  /// The worst that is to be said of the row, apart from how old it is.
  var badge: StateBadge {
    switch state {
    case .ok where exhaustion != nil: StateBadge(.warning, "↗", "Will run out")
    case .ok: StateBadge(.good, "✓", "OK")
    case .firing: StateBadge(.warning, "▲", level.map { "Firing \(MessageFormat.level($0))" } ?? "Firing")
    case .runsOut: StateBadge(.warning, "◔", "Will run out")
    case .unwatched: StateBadge(.muted, "○", "Not watched")
    case .doubted: StateBadge(.warning, "≈", "In doubt")
    case .exceeded: StateBadge(.critical, "■", "Used up")
    case .keyRejected: StateBadge(.critical, "✕", "Key rejected")
    case .gateway: StateBadge(.critical, "✕", "Gateway in between")
    case .limited: StateBadge(.critical, "✕", "Limited")
    case .failing: StateBadge(.critical, "✕", "Not readable")
    case .unknown: StateBadge(.muted, "?", "Never read")
    }
  }

  /// The row's badges, the worst first.
  func badges(_ freshness: Freshness) -> Markup {
    var badges = [badge]
    // What cannot be read may be used up all the same.
    if state.isUnreadable, isExhausted { badges.append(StateBadge(.critical, "■", "Used up")) }
    if doubt != nil, state != .doubted { badges.append(StateBadge(.warning, "≈", "In doubt")) }
    badges += marks.map(\.badge)
    if freshness == .stale { badges.append(StateBadge(.muted, "◷", "Stale")) }
    return StateBadge.together(badges)
  }
}

extension Severity {
  var accent: Accent {
    switch self {
    case .info: .info
    case .warning: .warning
    case .critical: .critical
    }
  }
}

extension Metric {
  var title: String {
    switch self {
    case .pages: "Pages"
    case .conversions: "Conversions"
    }
  }
}
