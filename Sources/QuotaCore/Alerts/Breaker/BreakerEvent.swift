package import FoundationEssentials

extension BreakerDecision.Outcome {
  /// What there is to tell of it.
  ///
  /// - Parameter figures: what is in doubt, the most urgent first.
  package func event(now: Date, doubted figures: [DoubtedFigure]) -> Event? {
    switch self {
    case .calm, .undecided: nil
    case .tripped(let trip):
      Event(trip, .firing, now: now, figures, reason: "\(trip.words(figures)) at once; \(Self.waiting(figures))")
    case .confirmed(let trip):
      Event(
        trip, .resolved, now: now, figures, reason: "later readings confirm the figures; what rests on them is told now"
      )
    case .denied(let trip):
      Event(
        trip, .resolved, now: now, figures,
        reason: "the vendor has taken the figures back; nothing is told that rests on them")
    case .expired(let trip):
      Event(
        trip, .resolved, now: now, figures,
        reason:
          "a day has passed without later readings that confirm or deny the figures; what rests on them is told now"
      )
    }
  }

  /// How many figures the text names.
  private static let named = 3

  private static func waiting(_ figures: [DoubtedFigure]) -> String {
    let waiting = figures.filter { $0.waits != nil }
    let rest = "until later readings confirm or deny the figures"
    guard let first = waiting.first else { return "no alert rests on it so far, and none is told \(rest)" }
    let organizations = Set(waiting.map(\.organization)).count
    let count =
      organizations == 1 ? "1 organization's alerts wait" : "\(organizations.grouped) organizations' alerts wait"
    let listed = waiting.prefix(named).map(\.words).joined(separator: "; ")
    let urgency = waiting.count == 1 ? "" : ", most urgent first"
    return first.words.isEmpty ? "\(count) \(rest)" : "\(count) \(rest)\(urgency): \(listed)"
  }
}

/// A figure that is not believed yet, and what waits for it.
package struct DoubtedFigure: Hashable, Codable, Sendable {
  package let organization: OrganizationID
  package let organizationName: String
  package let month: BillingMonth
  package let metric: Metric
  package let move: Suspect.Move
  /// What the reading before showed; nil if there was none.
  package let before: Int64?
  /// What the vendor reports.
  package let reported: Int64
  package let quota: Int64?
  /// What would be told if the figure stands, the most urgent event's; nil where there is nothing.
  package let waits: Waiting?

  package struct Waiting: Hashable, Codable, Sendable {
    package let rule: RuleID
    package let transition: Event.Transition
    package let severity: Severity
    package let level: Level?
  }

  enum CodingKeys: String, CodingKey {
    case organization
    case organizationName = "organization_name"
    case month, metric, move, before, reported, quota, waits
  }

  private init(_ doubt: Doubt, _ organization: Organization, _ event: Event?) {
    self.organization = organization.id
    organizationName = organization.name
    (month, metric, move) = (doubt.month, doubt.suspect.metric, doubt.suspect.move)
    (before, reported) = (doubt.before, doubt.latest.counters[doubt.suspect.metric])
    quota = doubt.quota[doubt.suspect.metric]
    waits = event.map {
      Waiting(rule: $0.rule, transition: $0.transition, severity: $0.severity, level: $0.level)
    }
  }

  /// Ranks what is in doubt: first what would be told, the most urgent first, and then the rest by organization.
  package static func ranked(_ doubts: [(doubt: Doubt, organization: Organization, events: [Event])]) -> [DoubtedFigure]
  {
    let events = EventGroup(doubts.flatMap(\.events), occasion: .run, composedAt: .distantPast)?.events ?? []
    var rank: [OrganizationID: Int] = [:]
    for (index, event) in events.enumerated() {
      if let id = event.organization, rank[id] == nil { rank[id] = index }
    }
    let sorted = doubts.sorted { first, second in
      (rank[first.organization.id] ?? .max, first.organization.id, first.doubt.month)
        < (rank[second.organization.id] ?? .max, second.organization.id, second.doubt.month)
    }
    return sorted.map { entry in
      DoubtedFigure(entry.doubt, entry.organization, rank[entry.organization.id].map { events[$0] })
    }
  }

  /// `Acme: 3,000 of 1,000 pages in 2026-11 reported, doubted (300 before), 100%`.
  fileprivate var words: String {
    let name = ForeignText.line(organizationName.isEmpty ? organization.rawValue : organizationName, limit: 40)
    let level = waits?.level.map { ", \($0.grouped)" } ?? ""
    let share = quota.map { " of \($0.grouped)" } ?? ""
    return "\(name): \(reported.grouped)\(share) \(metric.rawValue) in \(month) reported, "
      + "doubted (\(Doubt.earlier(before)))\(level)"
  }
}

extension BreakerTrip {
  /// `12 of 40 organizations jumped beyond reason`.
  fileprivate func words(_ figures: [DoubtedFigure]) -> String {
    let moves = Set(figures.map(\.move)).subtracting([.first])
    let move = moves == [.jump] ? "jumped" : moves == [.drop] ? "dropped" : "jumped or dropped"
    return "\(suspects.grouped) of \(compared.grouped) organizations \(move) beyond reason"
  }
}

extension Event {
  /// How many figures an event holds.
  private static let figures = 20

  fileprivate init(
    _ trip: BreakerTrip, _ transition: Transition, now: Date, _ figures: [DoubtedFigure], reason: String
  ) {
    var evidence = Evidence(observedAt: now)
    evidence.compared = Int64(trip.compared)
    evidence.affected = Int64(trip.suspects)
    evidence.doubted = figures.isEmpty ? nil : Array(figures.prefix(Self.figures))
    self.init(
      id: EventID(rawValue: "\(Breaker.rule)/run-\(trip.run)/\(transition.rawValue)/1"), transition: transition,
      rule: Breaker.rule, topic: .breaker, severity: .critical, organization: nil, organizationName: "",
      reason: reason, evidence: evidence, occurredAt: now)
  }
}
