import QuotaCore

/// The first line of a message that tells several events.
struct GroupHeadline {
  /// Such as `42 alerts: 3 critical, 30 warning, 9 resolved`.
  let short: String
  let sentence: String
  /// Why they come in one message, where the short line does not say it.
  let lead: String?

  init(_ group: EventGroup, _ events: [EventText]) {
    let count = events.count == 1 ? "1 alert" : "\(events.count.grouped) alerts"
    let counts = Self.counts(events)
    let what = if let only = events.first, events.count == 1 { only.subject } else { counts }
    let part = group.part.map { " (part \($0.number) of \($0.count))" } ?? ""
    switch group.occasion {
    case .run:
      lead = nil
      short = "\(count): \(what)\(part)"
      sentence = "\(count) came up in one run: \(counts)\(part)"
    case .digest:
      lead = nil
      short = "Digest: \(count): \(what)\(part)"
      sentence = "\(count) since the last digest: \(counts)\(part)"
    case .caughtUp:
      lead = "They came up while messages were held back"
      short = "Caught up: \(count): \(what)\(part)"
      sentence = "\(count) came up while messages were held back: \(counts)\(part)"
    case .overflow:
      lead = "More messages were due than one run sends here, so the others come in one"
      short = "\(count) more: \(what)\(part)"
      sentence = "More messages were due than one run sends here, so the other \(count) come in one: \(counts)\(part)"
    case .restored:
      lead = "A backup was restored, which does not know whether they were told"
      short = "\(EventText.repetition)\(count): \(what)\(part)"
      sentence =
        "\(EventText.repetition)a backup was restored, which does not know whether \(count) "
        + "\(events.count == 1 ? "was" : "were") told: \(counts)\(part)"
    }
  }

  /// `3 critical, 30 warning, 9 resolved`.
  private static func counts(_ events: [EventText]) -> String {
    let words = events.map { $0.tone.isFiring ? $0.severity.rawValue : "\($0.tone)" }
    return ["critical", "warning", "info", "acknowledged", "resolved", "test"].compactMap { word in
      let count = words.count { $0 == word }
      return count > 0 ? "\(count.grouped) \(word)" : nil
    }.joined(separator: ", ")
  }
}
