import FoundationEssentials
import QuotaCore

/// The first line of a message, short and as a sentence. A new rule kind adds its words here.
struct EventHeadline {
  /// Whom it is about.
  let name: String
  /// Such as `82 % of pages used (2026-11)`.
  let what: String
  /// Such as `Acme Corp has used 82 % of its pages quota for 2026-11 (8,200 of 10,000)`.
  let sentence: String

  /// Such as `Acme Corp: 82 % of pages used (2026-11)`.
  var short: String { "\(name): \(what)" }

  init(_ name: String, _ what: String, _ sentence: String) {
    self.name = name
    self.what = what
    self.sentence = sentence
  }

  init(_ event: Event) {
    let cleaned = ForeignText.line(event.organizationName, limit: 100)
    let name = cleaned.isEmpty ? event.organization?.rawValue ?? "DocuTray" : cleaned
    let isResolved = event.transition == .resolved
    switch event.topic {
    case .rule(.threshold): self = Self.threshold(event, name: name)
    case .rule(.forecast): self = Self.forecast(event, name: name)
    case .rule(.spike): self = Self.spike(event, name: name)
    case .rule(.idle): self = Self.idle(event, name: name)
    case .rule(.correction): self = Self.correction(event, name: name)
    case .rule(.duplicateKey): self = Self.duplicateKey(event, name: name)
    case .rule(.spend): self = Self.spend(event, name: name)
    case .rule(.stale) where isResolved: self.init(name, "read again", "the usage of \(name) is read again")
    case .rule(.stale):
      let since = event.evidence.observedAfter.map { "since \(MessageFormat.time($0))" }
      self.init(
        name, "not read \(since ?? "so far")",
        "The usage of \(name) has not been read \(since ?? "so far"), so its quota is not being watched")
    case .rule(.credential): self = Self.credential(event, name: name)
    case .keys where isResolved:
      self.init(name, "API keys accepted again", ForeignText.line(event.reason, limit: 500))
    case .keys:
      self.init(
        name, "every API key rejected",
        "The vendor rejects every API key, so no quota is being watched: \(ForeignText.line(event.reason, limit: 500))")
    case .breaker:
      let reason = ForeignText.line(event.reason, limit: 500)
      self.init(name, "figures beyond reason", "The vendor's figures are beyond reason: \(reason)")
    case .retirement:
      let reason = ForeignText.line(event.reason, limit: 500)
      self.init("quotawatch", "many alerts no longer watched", "Many alerts are no longer watched: \(reason)")
    case .undelivered:
      let reason = ForeignText.line(event.reason, limit: 500)
      self.init("quotawatch", "alerts not delivered", "Alerts could not be delivered: \(reason)")
    }
  }

  private static func credential(_ event: Event, name: String) -> EventHeadline {
    let isResolved = event.transition == .resolved
    switch event.evidence.failure {
    case .gateway? where isResolved, .limited? where isResolved:
      return EventHeadline(name, "vendor reached again", "the vendor answers the API key of \(name) again")
    case .gateway?:
      return EventHeadline(
        name, "a gateway answers instead of the vendor",
        "Something else answers instead of the vendor for \(name), so its quota is not being watched")
    case .limited?:
      return EventHeadline(
        name, "refused by a limit", "A limit refuses the requests for \(name), so its quota is not being watched")
    default: break
    }
    guard !isResolved else {
      return EventHeadline(name, "API key accepted again", "the vendor accepts the API key of \(name) again")
    }
    return EventHeadline(
      name, "API key rejected", "The vendor rejects the API key of \(name), so its quota is not being watched")
  }

  private static func threshold(_ event: Event, name: String) -> EventHeadline {
    guard let metric = event.metric, let month = event.month, let used = event.evidence.used else {
      return reason(event, name: name)
    }
    let isPast = event.evidence.periodEnd.map { event.occurredAt >= $0 } ?? false
    let period = isPast ? "the past month \(month)" : "\(month)"
    let suffix = isPast ? "(past month \(month))" : "(\(month))"
    let figures = MessageFormat.figures(used: used, quota: event.evidence.quota, metric: nil)
    let counted = "\(MessageFormat.number(used)) \(metric.rawValue)"
    // Of several levels that it fell below, the lowest says most.
    let level = event.transition == .resolved ? event.crossed.first ?? event.level : event.level
    let mark = level.map(MessageFormat.level) ?? ""

    switch (event.transition, level) {
    case (.resolved, .count):
      return EventHeadline(
        name, "below \(mark) \(metric.rawValue) \(suffix)",
        "\(name) is below \(mark) \(metric.rawValue) in \(period) (\(figures))")
    case (.resolved, _):
      return EventHeadline(
        name, "below \(mark) of \(metric.rawValue) \(suffix)",
        "\(name) is below \(mark) of its \(metric.rawValue) quota for \(period) (\(figures))")
    case (_, .count):
      return EventHeadline(
        name, "\(counted) used \(suffix)",
        "\(late(event, isPast))\(name) has used \(counted) in \(period), at or above \(mark)")
    case (_, _):
      guard let percent = event.percentUsed.map(MessageFormat.number) else {
        return EventHeadline(
          name, "\(counted) used without a quota \(suffix)",
          "\(late(event, isPast))\(name) has used \(counted) in \(period), for which its quota is 0")
      }
      return EventHeadline(
        name, "\(percent) % of \(metric.rawValue) used \(suffix)",
        "\(late(event, isPast))\(name) has used \(percent) % of its \(metric.rawValue) quota for \(period) (\(figures))"
      )
    }
  }

  /// Results are late if the past month was read before, and was lower then.
  private static func late(_ event: Event, _ isPast: Bool) -> String {
    isPast && event.evidence.observedAfter != nil ? "Late results: " : ""
  }
}
