import QuotaCore

/// The first line of a message that tells several events.
struct GroupHeadline {
  /// Such as `42 alerts: 3 critical, 30 warning, 9 resolved`.
  let short: String
  let sentence: String

  init(_ group: EventGroup, _ events: [EventText]) {
    let count = events.count == 1 ? "1 alert" : "\(events.count.grouped) alerts"
    let counts = Self.counts(group.events)
    let what = if let only = events.first, events.count == 1 { only.subject } else { counts }
    let part = group.part.map { " (part \($0.number) of \($0.count))" } ?? ""
    switch group.occasion {
    case .run:
      short = "\(count): \(what)\(part)"
      sentence = "\(count) came up in one run: \(counts)\(part)"
    case .digest:
      short = "Digest: \(count): \(what)\(part)"
      sentence = "\(count) since the last digest: \(counts)\(part)"
    case .caughtUp:
      short = "Caught up: \(count): \(what)\(part)"
      sentence = "\(count) came up while messages were held back: \(counts)\(part)"
    case .overflow:
      short = "\(count) more: \(what)\(part)"
      sentence = "More messages were due than one run sends here, so the other \(count) come in one: \(counts)\(part)"
    }
  }

  /// `3 critical, 30 warning, 9 resolved`.
  private static func counts(_ events: [Event]) -> String {
    let tones = events.map { Tone($0) }
    let words: [(Tone, String)] = [
      (.critical, "critical"), (.warning, "warning"), (.info, "info"), (.acknowledged, "acknowledged"),
      (.resolved, "resolved"), (.test, "test"),
    ]
    return words.compactMap { tone, word in
      let count = tones.count { $0 == tone }
      return count > 0 ? "\(count.grouped) \(word)" : nil
    }.joined(separator: ", ")
  }
}
