import FoundationEssentials
import QuotaCore

/// Judges the rules about keys that show the same counters, which takes a look at all organizations at once.
struct DuplicateKeyJudgement: Sendable {
  let rules: [Rule]
  let organizations: [ConfiguredOrganization]
  let routing: Routing
  let billingTimeZone: TimeZone

  /// How many of an organization's latest snapshots are compared.
  private static let snapshots = 10

  init(_ rules: [Rule], organizations: [ConfiguredOrganization], routing: Routing, billingTimeZone: TimeZone) {
    self.rules = rules.filter { $0.isEnabled && type(of: $0.kind).comparesOrganizations }
    self.organizations = organizations
    self.routing = routing
    self.billingTimeZone = billingTimeZone
  }

  /// - Returns: what there is to tell.
  func apply(to writer: any StoreWriter, now: Date) throws -> [Event] {
    guard !rules.isEmpty else { return [] }
    let doubted = Set(try writer.doubts().map(\.organization))
    let suspects = try suspects(in: writer).filter { !doubted.contains($0.id) }
    guard !suspects.isEmpty else { return [] }
    let states = try writer.states(of: suspects.map(\.id))
    let known = knownPairs(among: states)
    let configured = Set(organizations.lazy.map(\.organization.id))
    var findings = DuplicateKeySearch.findings(
      in: try states.compactMapValues { state in try latest(state, in: writer) }, known: known)
    // A key that is not configured any more is counted once.
    for (organization, other) in known where !configured.contains(other) {
      findings[organization, default: DuplicateKeys()].strangers.insert(other)
    }
    var events: [Event] = []
    for organization in suspects {
      let state = states[organization.id] ?? OrganizationState()
      let input = RuleInput(
        organization: organization, now: now, months: [], history: state.history,
        zone: billingTimeZone, duplicateKeys: findings[organization.id] ?? DuplicateKeys())
      let step = AlertLifecycle.step(rules, on: input, alerts: state.alerts)
      guard !step.isEmpty else { continue }
      try routing.save(step, of: organization, in: writer, now: now)
      events += step.events
    }
    return events
  }

  /// The organizations that show the same counters as another, and those of which it was said before.
  private func suspects(in writer: any StoreWriter) throws -> [Organization] {
    var ids = Set(try writer.organizationsWithEqualCounters(atLeast: DuplicateKeySearch.leastCount))
    let names = Set(rules.map(\.id))
    for alert in try writer.alerts([.pending, .firing]) where names.contains(alert.key.rule) {
      ids.insert(alert.key.organization)
      if let other = alert.evidence.otherOrganization { ids.insert(other) }
    }
    return organizations.lazy.map(\.organization).filter { ids.contains($0.id) }
  }

  /// Which keys were said to show the same as which.
  private func knownPairs(among states: [OrganizationID: OrganizationState]) -> [(OrganizationID, OrganizationID)] {
    let names = Set(rules.map(\.id))
    return states.values.flatMap(\.alerts).filter { names.contains($0.key.rule) }.compactMap { alert in
      alert.evidence.otherOrganization.map { (alert.key.organization, $0) }
    }
  }

  private func latest(_ state: OrganizationState, in writer: any StoreWriter) throws -> [Snapshot]? {
    guard let month = state.months.keys.max(), let organization = state.months[month]?.snapshot.organization else {
      return nil
    }
    return try writer.latestSnapshots(of: organization, month: month, limit: Self.snapshots)
  }
}
