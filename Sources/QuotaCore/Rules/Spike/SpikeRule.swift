import FoundationEssentials

/// Tells when an organization uses much more within a time than it usually does.
///
/// Its alert has no month: the time goes on over the turn of the month, and so does the alert.
package struct SpikeRule: RuleKind {
  package let metric: Metric
  /// One hour to seven days.
  package let window: TimeSpan
  /// How many times the usual has to be exceeded, in hundredths, above 100.
  package let factorHundredths: Int64
  /// The days before the window that say what is usual, seven to 35.
  package let baselineDays: Int
  /// What has to be used within the window at least.
  package let minimum: Int64

  package init(
    metric: Metric, window: TimeSpan = .hours(24), factorHundredths: Int64 = 300, baselineDays: Int = 7,
    minimum: Int64 = 100
  ) {
    self.metric = metric
    self.window = window
    self.factorHundredths = factorHundredths
    self.baselineDays = baselineDays
    self.minimum = minimum
  }

  package static let type = RuleType.spike
  package static let summary = "An organization uses much more than it usually does."
  package var alertMetric: Metric? { metric }
  package var needsProfile: Bool { true }

  package static let fields = Fields(
    Field("metric", .choice(of: Metric.self), .required, "Which counter."),
    Field(
      "window", .timeSpan(from: .hours(1), to: .days(7)), .usually(.hours(24)), "The time whose use is looked at."),
    Field(
      "factor", .factor, .usually(300), "How many times the usual has to be exceeded, with at most two decimals."),
    Field(
      "baseline", .wholeDays, .usually(.days(7)), "The days before the window that say what is usual, a whole number."),
    Field(
      "minimum", .count(from: 1, to: Quota.largest), .usually(100),
      "What has to be used within the window at least.")
  ) {
    SpikeRule(
      metric: $0, window: $1, factorHundredths: $2, baselineDays: Int($3.seconds / 86_400), minimum: $4)
  }

  package func judge(_ input: RuleInput, into verdicts: inout some VerdictSink) {
    guard let profile = input.currentProfile, let end = profile.lastObservedAt,
      let used = profile.used(metric, since: end - window)
    else { return }
    func limit(_ usual: Double) -> Double { usual * Double(factorHundredths) / 100 }
    func usual() -> Double? { profile.usual(metric, since: end - window, judgedBy: baselineDays) }
    // What is less than the minimum is no spike, whatever is usual.
    let known = used >= minimum ? usual() : nil
    guard used < minimum || known != nil else { return }
    let holds = known.map { Double(used) > limit($0) } ?? false
    verdicts.add(holds ? .yes : .no, metric: metric) { _ in
      guard let usual = known ?? usual() else { return nil }
      let evidence = evidence(used: used, usual: usual, limit: limit(usual), at: end, in: input.currentMonth)
      return Explanation(reason(evidence, holds: holds), evidence)
    }
  }

  private func evidence(used: Int64, usual: Double, limit: Double, at end: Date, in month: ObservedMonth?) -> Evidence {
    var evidence = Evidence(
      used: used, threshold: max(minimum, Forecast.whole(limit.rounded(.down) + 1)), observedAt: end,
      snapshotIDs: month.map { [$0.snapshot.id] } ?? [])
    evidence.baseline = Forecast.whole(usual)
    evidence.windowSeconds = window.seconds
    return evidence
  }

  private func reason(_ evidence: Evidence, holds: Bool) -> String {
    let figures =
      "\((evidence.used ?? 0).counted(metric)) within \(window), "
      + "usual are \((evidence.baseline ?? 0).grouped)"
    return figures + (holds ? ": at or above" : ": below") + " the limit of \((evidence.threshold ?? 0).grouped)"
  }

  package static func fill(sample event: inout Event, number: Int64) {
    let now = event.occurredAt
    event.metric = .pages
    event.evidence = Evidence(
      used: 3_100 + 100 * number, threshold: 2_700, observedAfter: now - .days(1), observedAt: now)
    (event.evidence.baseline, event.evidence.windowSeconds) = (900, 86_400)
  }

  /// `900 pages within 24 h`.
  package static func figures(of event: Event) -> String? {
    guard let metric = event.metric, let used = event.evidence.used, let window = event.evidence.windowSeconds else {
      return nil
    }
    return "\(used.counted(metric)) within \(MessageFormat.span(seconds: window))"
  }

  package static var isToldByFigures: Bool { true }

  package static func headline(of event: Event, _ name: String) -> EventHeadline {
    guard let metric = event.metric?.rawValue, let figures = figures(of: event), let usual = event.evidence.baseline
    else { return .reason(of: event, name) }
    if event.transition == .resolved {
      return EventHeadline(
        name, "\(metric) as usual again", "\(name) uses \(metric) as usual again (\(figures))")
    }
    return EventHeadline(
      name, "\(figures), usual are \(usual.grouped)",
      "\(name) has used \(figures), where \(usual.grouped) are usual")
  }
}

extension Shape<Int64> {
  /// A factor above 1 in hundredths.
  fileprivate static var factor: Shape {
    Shape(
      "above 1, to 1000",
      [.init("type", "number"), .init("exclusiveMinimum", 1), .init("maximum", 1_000)],
      accepts: [.number("1.01"), 1_000, 3], refuses: [1, 1_001, "3", .null], beyond: [.number("2.125")],
      encode: { .number(Level.decimal($0)) }
    ) { node in
      guard case .number(let text) = node.json.value, let hundredths = Level.hundredths(text),
        (101...100_000).contains(hundredths)
      else {
        node.report("expected a factor above 1, up to 1000, with at most two decimals, such as 3 or 2.5")
        return nil
      }
      return hundredths
    }
  }
}

extension Shape<TimeSpan> {
  fileprivate static var wholeDays: Shape {
    Shape.timeSpan(from: .days(7), to: .days(35)).tried(beyond: ["180h"]).checked {
      $0.seconds % 86_400 == 0 ? nil : "expected whole days, such as \"7d\" or \"28d\""
    }
  }
}
