import QuotaCore

/// Which organizations somebody asks for.
package struct OrganizationChoice: Sendable {
  /// Everybody if empty.
  package var ids: [String]
  /// Those that have one of these; all if empty.
  package var tags: [String]
  /// Those whose plan is one of these; all if empty.
  package var plans: [String]

  package init(ids: [String] = [], tags: [String] = [], plans: [String] = []) {
    self.ids = ids
    self.tags = tags
    self.plans = plans
  }
}

extension Configuration {
  /// The ids of the organizations that are meant, in the order of the configuration; none for everybody. With tags or plans
  /// they are configured ones; otherwise ids are taken as they are.
  package func chosen(_ choice: OrganizationChoice) throws -> [String] {
    guard !choice.tags.isEmpty || !choice.plans.isEmpty else { return choice.ids }
    let all = visibleOrganizations.map(\.organization)
    let unknown =
      Self.unknown("tag", choice.tags, among: Set(all.flatMap(\.tags)))
      + Self.unknown("plan", choice.plans, among: Set(all.compactMap(\.plan)))
    guard unknown.isEmpty else { throw ServiceError(.usage, lines: unknown) }
    let chosen = try organizations(choice.ids).map(\.organization).filter { organization in
      (choice.tags.isEmpty || choice.tags.contains(where: organization.tags.contains))
        && (choice.plans.isEmpty || organization.plan.map(choice.plans.contains) ?? false)
    }
    guard !chosen.isEmpty else { throw ServiceError(.usage, "no organization is all of that") }
    return chosen.map(\.id.rawValue)
  }

  private func isVisible(_ id: OrganizationID) -> Bool { visible?.contains(id) ?? true }

  private var visibleOrganizations: [ConfiguredOrganization] { organizations.filter { isVisible($0.organization.id) } }

  private static func unknown(_ kind: String, _ names: [String], among known: Set<String>) -> [String] {
    names.filter { !known.contains($0) }.map {
      "no organization has the \(kind) \"\($0)\"" + suggestion(for: $0, among: known)
    }
  }

  /// The configured organizations with these ids, in the order of the configuration; all for an empty list.
  func organizations(_ ids: [String]) throws -> [ConfiguredOrganization] {
    let all = visibleOrganizations
    guard !ids.isEmpty else { return all }
    let known = Set(all.map(\.organization.id.rawValue))
    let unknown = ids.filter { !known.contains($0) }
    guard unknown.isEmpty else {
      throw ServiceError(
        .usage, lines: unknown.map { "no organization \"\($0)\" is configured" + suggestion(for: $0, among: known) })
    }
    let wanted = Set(ids)
    return all.filter { wanted.contains($0.organization.id.rawValue) }
  }

  /// An organization that is configured, was read once or closed, or is invoiced; another one is refused with the nearest that there
  /// is.
  func knownOrganization(_ id: String, in reader: any StoreReader) throws -> OrganizationID {
    _ = try knownOrganizations([id], in: reader)
    return OrganizationID(id)
  }

  /// Several of those, in order; nil for an empty list, which means everybody.
  func knownOrganizations(_ ids: [String], in reader: any StoreReader) throws -> [OrganizationID]? {
    guard !ids.isEmpty else { return nil }
    let known = Set(organizations.map(\.organization.id)).union(try reader.organizations().map(\.id))
      .union(try reader.invoicedOrganizations(from: BillingMonth.all.first, to: BillingMonth.all.last))
      .filter(isVisible)
    let unknown = ids.filter { !known.contains(OrganizationID($0)) }
    guard unknown.isEmpty else {
      throw ServiceError(
        .usage,
        lines: unknown.map { "no organization \"\($0)\" is known" + suggestion(for: $0, among: known.map(\.rawValue)) })
    }
    return Set(ids.map { OrganizationID($0) }).sorted()
  }

  /// Organizations with what is configured of them, by id: those that are named, or else all that are configured, of which a
  /// month is closed, or that are given. One that is not configured has the name under which it was last read.
  func organizationsWithClosed(
    in months: ClosedRange<BillingMonth>, _ only: [OrganizationID]?, besides others: [OrganizationID] = [],
    _ reader: any StoreReader
  ) throws -> [Organization] {
    let configured = Dictionary(visibleOrganizations.map { ($0.organization.id, $0.organization) }) { first, _ in first
    }
    let ids =
      try only.map { Set($0) }
      ?? Set(reader.closedOrganizations(from: months.lowerBound, to: months.upperBound)).union(others)
      .union(configured.keys).filter(isVisible)
    let stored = try reader.organizations(ids.filter { configured[$0] == nil }.sorted())
    let names = Dictionary(uniqueKeysWithValues: stored.map { ($0.id, $0.name) })
    return ids.sorted().map { configured[$0] ?? Organization(id: $0, name: names[$0]) }
  }

  /// Refuses names of rules that are neither configured, nor the program's own, nor among some others.
  func checkRules(_ ids: [String], besides others: Set<String> = []) throws {
    let own = [Breaker.rule, RetirementHold.rule, DeadLetter.rule]
    let known = others.union((rules.map(\.id) + own).map(\.rawValue))
    let unknown = ids.filter { !known.contains($0) }
    guard unknown.isEmpty else {
      throw ServiceError(
        .usage, lines: unknown.map { "no rule \"\($0)\" is configured" + suggestion(for: $0, among: known) })
    }
  }

  /// The named organization, or the only one.
  func theOrganization(_ name: String?) throws -> ConfiguredOrganization {
    let found = try organizations(name.map { [$0] } ?? [])
    guard found.count == 1 else {
      throw ServiceError(.usage, "several organizations are configured: name one with --organization")
    }
    return found[0]
  }
}
