import FoundationEssentials
import Notifiers
import QuotaCore

/// Explains an organization's alerts.
package struct Why: Sendable {
  let configuration: Configuration
  let database: DatabaseAccess
  let channels: Channels
  let world: World

  private var zone: TimeZone { configuration.billingTimeZone }

  /// How many of an organization's latest notices are shown.
  private static let latestNotices = 50

  /// Explains what the rules say of an organization now, from what is stored: nothing is asked, written or sent.
  ///
  /// - Parameter rule: only this rule; nil for all.
  package func callAsFunction(_ organization: String, rule: String?) async throws -> WhyReport {
    guard let entry = try configuration.organizations([organization]).first else {
      throw ServiceError(.usage, "no organization \"\(organization)\" is configured")
    }
    let rules = try rules(rule)
    let (now, zone) = (world.now(), self.zone)
    return try await database.openForReading().read { [routing = channels.routing] reader in
      let state = try reader.states(of: [entry.organization.id])[entry.organization.id] ?? OrganizationState()
      let input = try input(of: entry.organization, state, in: reader, now: now, zone: zone)
      let notices = try reader.notices(of: entry.organization.id, limit: Self.latestNotices).filter { notice in
        rule == nil || notice.event.rule.rawValue == rule
      }
      return WhyReport(
        organization: entry.organization, judgedAt: now, history: state.history,
        restorations: try reader.restorations().filter { restoration in
          input.months.contains { $0.period.lowerBound <= restoration.gap.to }
        },
        months: input.months,
        rules: rules.map { report(of: $0, input, state.alerts, routing) },
        notices: try notices.map { notice in
          guard case .queued(let message) = notice.state else { return NoticeFate(notice: notice, delivery: nil) }
          let delivery = try reader.deliveries(of: message.rawValue).first { $0.notifier == notice.notifier }
          return NoticeFate(
            notice: notice, delivery: delivery, restsUntil: try reader.health(of: notice.notifier).rest(at: now))
        },
        marks: try AlertMarks(reader, of: configuration.notifiers.map(\.id), now: now),
        holds: try holds(on: entry.organization, in: reader, now: now))
    }
  }

  private func rules(_ id: String?) throws -> [Rule] {
    guard let id else { return configuration.rules }
    let known = Set(configuration.rules.map(\.id.rawValue))
    guard known.contains(id) else {
      throw ServiceError(.usage, "no rule \"\(id)\" is configured" + suggestion(for: id, among: known))
    }
    return configuration.rules.filter { $0.id.rawValue == id }
  }

  /// The organization as it was seen last: each month's latest snapshot, and the one before it.
  private func input(
    of organization: Organization, _ state: OrganizationState, in reader: any StoreReader, now: Date, zone: TimeZone
  ) throws -> RuleInput {
    let latestFirst = state.months.values.sorted { $0.snapshot.month > $1.snapshot.month }
    let closed = try ClosedMonths(of: latestFirst.dropFirst().map { (organization.id, $0.snapshot.month) }, reader)
    let months = try latestFirst.map { usage in
      let snapshot = usage.snapshot
      return ObservedMonth(
        snapshot: snapshot,
        before: try reader.latestSnapshots(of: organization.id, month: snapshot.month, limit: 2).first {
          $0.id < snapshot.id
        },
        quota: usage.quota, period: snapshot.month.period(in: zone),
        closed: closed[organization.id, snapshot.month])
    }
    return RuleInput(
      organization: organization, now: now, months: months, history: state.history, gap: state.history.gap, zone: zone,
      profile: UsageProfile(stored: state.profile))
  }

  private func report(
    of rule: Rule, _ input: RuleInput, _ alerts: [Alert], _ routing: Routing
  ) -> WhyReport.RuleReport {
    let organization = input.organization
    let passedOver: String? =
      if !rule.isEnabled {
        "it is switched off (\"enabled\": false)"
      } else if !rule.scope.contains(organization) {
        "it does not apply to this organization (\"applies_to\", \"except\")"
      } else {
        nil
      }
    let verdicts = passedOver == nil ? AlertLifecycle.verdicts(of: rule, on: input, alerts: alerts) : []
    // What several organizations' readings tell together, one's do not: what was found then stands.
    let open = alerts.filter {
      passedOver == nil && verdicts.isEmpty && $0.key.rule == rule.id && [.firing, .pending].contains($0.status)
    }
    return WhyReport.RuleReport(
      rule: rule, passedOver: passedOver,
      verdicts: verdicts.map { verdict in
        WhyReport.VerdictReport(
          key: verdict.key, holds: verdict.holds, reason: verdict.reason, evidence: verdict.evidence,
          alert: alerts.first { $0.key == verdict.key })
      }
        + open.map { alert in
          WhyReport.VerdictReport(
            key: alert.key, holds: true, reason: alert.reason, evidence: alert.evidence, alert: alert)
        },
      recipients: routing.recipients(of: Event.sample(of: rule, organization, at: input.now), organization))
  }

  /// What would hold back an event of this organization at present.
  private func holds(on organization: Organization, in reader: any StoreReader, now: Date) throws -> [String] {
    var holds: [String] = []
    for doubt in try reader.doubts() where doubt.organization == organization.id && doubt.status != .takenBack {
      let metric = doubt.suspect.metric
      holds.append(
        "the figures of \(doubt.month) are in doubt since \(doubt.foundAt.iso8601): \(doubt.latest.counters[metric].grouped) "
          + "\(metric.rawValue) are reported (\(doubt.earlier)); what rests on them waits (breaker)")
    }
    if let refusal = try reader.openKeyRefusal() {
      let kinds = RuleType.allCases.filter { $0.kind.waitsForKeys }.map { "`\($0.rawValue)`" }.joined(
        separator: " and ")
      holds.append(
        "the vendor refuses every key since \(refusal.since.iso8601), which was told as one: what \(kinds) rules say of"
          + " single keys waits until it takes one (keys)")
    }
    for silence in try reader.silences(endingAfter: now)
    where silence.isActive(at: now) && (silence.organization ?? organization.id) == organization.id {
      let rule = silence.rule.map { "rule \($0)" } ?? "every rule"
      holds.append(
        "silence \(silence.id) by \(silence.createdBy) holds \(rule) back until \(silence.until.iso8601): \(silence.reason)"
      )
    }
    for notifier in configuration.notifiers {
      let policy = notifier.configuration.policy
      if policy.quietHours?.contain(now, in: policy.zone ?? zone) ?? false {
        holds.append("\(notifier.id) has quiet hours: what is not critical is held back")
      }
      if let digest = policy.digest {
        let next = digest.next(after: now, in: policy.zone ?? zone)
        holds.append("\(notifier.id) gets what is not critical as a digest, next at \(next.iso8601)")
      }
    }
    return holds
  }
}

extension Event {
  /// An event as a rule would make it, to ask who would hear of it.
  static func sample(of rule: Rule, _ organization: Organization, at now: Date) -> Event {
    let severity = rule.severity.levels.values.reduce(rule.severity.usual) { max($0, $1) }
    return Event(
      id: EventID(rawValue: "\(rule.id)/\(organization.id)/sample"), transition: .firing, rule: rule.id,
      topic: .rule(rule.kind.type), severity: severity, organization: organization.id,
      organizationName: organization.name, reason: "", evidence: Evidence(), occurredAt: now)
  }
}
