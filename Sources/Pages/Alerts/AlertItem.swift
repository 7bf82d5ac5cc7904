import FoundationEssentials
import QuotaCore

/// An alert in a list.
struct AlertItem {
  private let alert: Alert
  private let marks: [AlertMark]
  private let frame: PageFrame
  private let name: String?

  /// - Parameter name: what people call the organization; nil where it is known from the page.
  init(_ alert: Alert, _ marks: [AlertMark], _ frame: PageFrame, name: String? = nil) {
    (self.alert, self.marks, self.frame, self.name) = (alert, marks, frame, name)
  }

  var fields: PageFields {
    [
      "badge": .markup(StateBadge.together([alert.badge] + marks.map(\.badge))),
      "severity": .markup(alert.severity.badge.markup),
      "id": .text(alert.key.description), "rule": .text(alert.key.rule.rawValue),
      "organization": .text(alert.key.organization.rawValue),
      "episode": .text("\(alert.episode)"),
      "isAcknowledged": .flag(marks.contains(.acknowledged)),
      "shownAcknowledgement": .text(ifAny: alert.acknowledgement?.mark),
      "name": .text(name ?? alert.key.organization.rawValue),
      "href": .text(PageLink.organization(alert.key.organization)),
      "about": .text(alert.key.about), "reason": .text(ForeignText.line(alert.reason, limit: 500)),
      "since": .markup(frame.age(alert.since)), "fired": .markup(frame.time(alert.firedAt)),
      "ended": .markup(frame.time(alert.changedAt)),
      "acknowledgement": .markup(ifAny: acknowledgement), "wait": .markup(ifAny: wait),
      "episodes": alert.episode > 1 ? .text("fired \(alert.episode.counted("time"))") : .none,
    ]
  }

  private var acknowledgement: Markup? {
    alert.acknowledgement.flatMap { word in
      guard marks.contains(.acknowledged) else { return nil }
      let until = word.until.map { " until \(frame.time($0).html)" } ?? ""
      let note = word.note.map { ": \($0.escapedForHTML)" } ?? ""
      return Markup("Acknowledged by <bdi>\(word.by.escapedForHTML)</bdi> \(frame.time(word.at).html)\(until)\(note)")
    }
  }

  private var wait: Markup? {
    alert.pending.map { pending in
      let count = "seen in \(pending.readings.counted("reading"))"
      return Markup(count + (pending.notBefore.map { ", not told before \(frame.time($0).html)" } ?? ""))
    }
  }
}

extension Alert {
  /// Since when its status says what it says.
  var since: Date { status == .firing ? firedAt : pending?.since ?? changedAt }

  var badge: StateBadge {
    switch status {
    case .firing: StateBadge(severity.accent, "▲", "Firing")
    case .pending: StateBadge(.muted, "…", "Pending")
    case .resolved: StateBadge(.good, "✓", "Resolved")
    case .expired: StateBadge(.muted, "–", "Expired")
    case .retired: StateBadge(.muted, "–", "Not watched")
    }
  }
}

extension AlertMark {
  var badge: StateBadge {
    switch self {
    case .silenced: StateBadge(.muted, "⊘", "Silenced")
    case .acknowledged: StateBadge(.info, "●", "Acknowledged")
    case .flapping: StateBadge(.warning, "↕", "Flapping")
    case .retrying: StateBadge(.warning, "↻", "Waits for another attempt")
    }
  }
}

extension Severity {
  var badge: StateBadge {
    switch self {
    case .info: StateBadge(accent, "i", "Info")
    case .warning: StateBadge(accent, "!", "Warning")
    case .critical: StateBadge(accent, "‼", "Critical")
    }
  }
}

extension AlertKey {
  /// What it is about besides the organization: `pages, 80%, 2026-11`.
  var about: String {
    [metric?.rawValue, level.map(MessageFormat.level), month?.description].compactMap { $0 }.joined(separator: ", ")
  }
}
