import QuotaCore

extension Configuration {
  /// The configured organizations with these ids, in the order of the configuration; all for an empty list.
  func organizations(_ ids: [String]) throws -> [ConfiguredOrganization] {
    let all: [ConfiguredOrganization] = organizations
    guard !ids.isEmpty else { return all }
    let known = Set(all.map(\.organization.id.rawValue))
    let unknown = ids.filter { !known.contains($0) }
    guard unknown.isEmpty else {
      throw ServiceError(
        .usage, lines: unknown.map { "no organization \"\($0)\" is configured" + suggestion(for: $0, among: known) })
    }
    return all.filter { ids.contains($0.organization.id.rawValue) }
  }

  /// An organization that is configured, was read once or is invoiced; another one is refused with the nearest that there
  /// is.
  func knownOrganization(_ id: String, in reader: any StoreReader) throws -> OrganizationID {
    let known = Set(organizations.map(\.organization.id)).union(try reader.organizations().map(\.id))
      .union(try reader.invoicedOrganizations(from: BillingMonth.all.first, to: BillingMonth.all.last))
    guard known.contains(OrganizationID(id)) else {
      throw ServiceError(
        .usage, "no organization \"\(id)\" is known" + suggestion(for: id, among: known.map(\.rawValue)))
    }
    return OrganizationID(id)
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
