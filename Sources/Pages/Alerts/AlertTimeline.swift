import QuotaCore

/// Events, and what was sent of each to whom.
struct AlertTimeline {
  private let notices: [NoticeFate]
  private let frame: PageFrame

  /// - Parameter notices: newest first.
  init(_ notices: [NoticeFate], _ frame: PageFrame) {
    (self.notices, self.frame) = (notices, frame)
  }

  var rows: [PageFields] {
    var order: [EventID] = []
    var byEvent: [EventID: [NoticeFate]] = [:]
    for fate in notices {
      let id = fate.notice.event.id
      if byEvent[id] == nil { order.append(id) }
      byEvent[id, default: []].append(fate)
    }
    return order.compactMap { id in byEvent[id].flatMap(row) }
  }

  private func row(_ fates: [NoticeFate]) -> PageFields? {
    guard let event = fates.first?.notice.event else { return nil }
    return [
      "time": .markup(frame.time(event.occurredAt)), "badge": .markup(event.badge.markup),
      "rule": .text(event.rule.rawValue), "reason": .text(event.shownReason), "id": .text(event.id.rawValue),
      "fates": .list(
        fates.map { fate in
          [
            "notifier": .text(fate.notice.notifier.rawValue), "accent": .text(fate.words(frame).accent.rawValue),
            "words": .markup(fate.words(frame).markup),
          ]
        }),
    ]
  }
}

extension Event {
  var badge: StateBadge {
    switch transition {
    case .firing, .reopened:
      StateBadge(severity.accent, "▲", level.map { "Fires \(MessageFormat.level($0))" } ?? "Fires")
    case .resolved: StateBadge(.good, "✓", "Resolved")
    case .acknowledged: StateBadge(.info, "●", "Acknowledged")
    case .expired: StateBadge(.muted, "–", "Expired")
    case .retired: StateBadge(.muted, "–", "Not watched")
    case .reminder: StateBadge(severity.accent, "↻", "Reminder")
    case .test: StateBadge(.info, "i", "Test")
    }
  }
}

extension NoticeFate {
  /// What became of it.
  func words(_ frame: PageFrame) -> (accent: Accent, markup: Markup) {
    switch notice.state {
    case .waiting(nil): return (.muted, Markup("waits for the end of the run"))
    case .waiting(let hold?): return (.warning, Markup("held back: \(hold.words)"))
    case .dropped(let reason): return (.muted, Markup("not told: \(reason.words)"))
    case .queued:
      guard let delivery else { return (.muted, Markup("in a message")) }
      return delivery.words(frame)
    }
  }
}

extension Delivery {
  func words(_ frame: PageFrame) -> (accent: Accent, markup: Markup) {
    let answer = lastAnswer.map { ": \(ForeignText.line($0, limit: 300).escapedForHTML)" } ?? ""
    let remark = remark.map { " (\(ForeignText.line($0, limit: 300).escapedForHTML))" } ?? ""
    let tried = attempts.counted("attempt")
    switch status {
    case .delivered:
      let at = lastAttemptAt.map { " \(frame.time($0).html)" } ?? ""
      return (.good, Markup("delivered\(at)\(answer)\(remark)"))
    case .dead: return (.critical, Markup("given up after \(tried)\(answer)"))
    case .pending: return (.warning, Markup("waits for the next attempt, after \(tried)\(answer)"))
    case .withdrawn: return (.muted, Markup("taken back: another message tells it"))
    }
  }
}

extension Hold {
  var words: String {
    switch self {
    case .breaker: "the figures were in doubt"
    case .silence: "a silence"
    case .quietHours: "quiet hours"
    case .digest: "it comes with the next digest"
    case .keys: "every key is refused, which was told as one"
    }
  }
}

extension DropReason {
  var words: String {
    switch self {
    case .resolvedMeanwhile: "resolved before it could be told"
    case .overMeanwhile: "over when its silence ended"
    case .noLongerWatched: "not watched any more"
    case .superseded: "a newer message says it too"
    case .firingWaits: "what it reminds of is still to be told"
    case .notifierGone: "the notifier is not configured any more"
    }
  }
}
