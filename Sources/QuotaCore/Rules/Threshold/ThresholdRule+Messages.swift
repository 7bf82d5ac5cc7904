import FoundationEssentials

extension ThresholdRule {
  package static func fill(sample event: inout Event, number: Int64) {
    event.fillCounter(used: 8_200 + 100 * number)
    let level = Level.percent(hundredths: 8_000)
    (event.level, event.crossed, event.firing) = (level, [level], [level])
  }

  package static var isToldByFigures: Bool { true }

  package static func headline(of event: Event, _ name: String) -> EventHeadline {
    guard let metric = event.metric, let month = event.month, let used = event.evidence.used else {
      return .reason(of: event, name)
    }
    let isPast = event.evidence.periodEnd.map { event.occurredAt >= $0 } ?? false
    let period = isPast ? "the past month \(month)" : "\(month)"
    let suffix = isPast ? "(past month \(month))" : "(\(month))"
    let figures = MessageFormat.figures(used: used, quota: event.evidence.quota, metric: nil)
    let counted = used.counted(metric)
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
      guard let percent = event.percentUsed.map(\.grouped) else {
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
