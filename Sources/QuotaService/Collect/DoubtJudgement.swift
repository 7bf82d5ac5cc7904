import FoundationEssentials
import QuotaCore

/// Judges months whose figures were in doubt.
struct DoubtJudgement: Sendable {
  let rules: [Rule]
  let organizations: [ConfiguredOrganization]
  let routing: Routing
  let billingTimeZone: TimeZone

  /// What rules say of figures if they are believed.
  struct Judgement: Sendable {
    let doubts: [Doubt]
    let organization: Organization
    let history: PollHistory
    let step: AlertLifecycle.Outcome
  }

  /// Judges nothing of organizations that are not configured any more.
  func judge(_ doubts: [Doubt], in reader: any StoreReader, now: Date) throws -> [Judgement] {
    guard !doubts.isEmpty else { return [] }
    let states = try reader.states(of: Set(doubts.map(\.organization)).sorted())
    let closed = try ClosedMonths(of: doubts.map { ($0.organization, $0.month) }, reader)
    let byOrganization = Dictionary(grouping: doubts, by: \.organization)
    return organizations.lazy.map(\.organization).compactMap { organization in
      guard let doubts = byOrganization[organization.id] else { return nil }
      let state = states[organization.id] ?? OrganizationState()
      let input = RuleInput(
        organization: organization, now: now,
        months: doubts.sorted { $0.month > $1.month }.map { doubt in
          doubt.observed(
            in: doubt.month.period(in: billingTimeZone), closed: closed[organization.id, doubt.month])
        },
        history: state.history, gap: state.history.gap, zone: billingTimeZone,
        profile: UsageProfile(stored: state.profile))
      return Judgement(
        doubts: doubts, organization: organization, history: state.history,
        step: AlertLifecycle.step(rules, on: input, alerts: state.alerts))
    }
  }

  /// What is in doubt, and what would be told if it stands, the most urgent first.
  func figures(_ doubts: [Doubt], in reader: any StoreReader, now: Date) throws -> [DoubtedFigure] {
    DoubtedFigure.ranked(
      try judge(doubts, in: reader, now: now).flatMap { judgement in
        judgement.doubts.map { ($0, judgement.organization, judgement.step.events) }
      })
  }

  /// Ends doubts, and judges their months.
  ///
  /// - Returns: what there is to tell.
  func release(_ doubts: [Doubt], in writer: any StoreWriter, now: Date) throws -> [Event] {
    var events: [Event] = []
    for judgement in try judge(doubts, in: writer, now: now) {
      if judgement.history.gap != nil, judgement.history.failing == nil {
        var history = judgement.history
        history.gap = nil
        try writer.save(history, of: judgement.organization.id)
      }
      guard !judgement.step.isEmpty else { continue }
      let wasHeld = judgement.doubts.contains { $0.status == .held }
      try routing.save(
        judgement.step, of: judgement.organization, in: writer, now: now, heldBy: wasHeld ? .breaker : nil)
      events += judgement.step.events
    }
    for doubt in doubts { try writer.remove(doubt) }
    return events
  }
}
