import Hummingbird
import QuotaCore

/// `/sandbox/organizations`: who the vendor's customers are.
extension Control {
  private struct Entry: Encodable {
    let id: String
    let name: String
    let keys: [String]
    /// This month's counters as they stand.
    let month: BillingMonth?
    let pages: Int64?
    let conversions: Int64?
    let requests: Int
  }

  func registerOrganizations(on router: Router<SandboxContext>) {
    router.get("/sandbox/organizations") { _, _ in
      try ControlExchange.answer(vendor.organizations.map(entry))
    }
    router.post("/sandbox/organizations") { request, _ in
      try await ControlExchange.take(request) { object -> SimulatedOrganization? in
        let id = object.required("id")?.identifier()
        let name = object.optional("name").map { $0.string() }
        let keys = object.required("keys")?.array(atLeast: 1)?.compactMap { $0.string() }
        let pages = object.optional("pages_per_month").map { $0.integer(in: 0...UsageCurve.largestMonth) }
        let seed = object.optional("seed").map { $0.integer(in: 0...Int64.max) } ?? 0
        guard let id, let keys, let seed else { return nil }
        return SimulatedOrganization(
          id: OrganizationID(id), name: name ?? nil, keys: keys,
          curve: (pages ?? nil).map { UsageCurve(seed: UInt64(seed), pagesPerMonth: $0) })
      } then: { organization in
        vendor.add([organization])
        return entry(organization)
      }
    }
  }

  private func entry(_ organization: SimulatedOrganization) -> Entry {
    let month = vendor.currentMonth
    let counters = month.map { vendor.usage(of: organization.id, in: $0) }
    return Entry(
      id: organization.id.rawValue, name: organization.name, keys: organization.keys, month: month,
      pages: counters?.pages, conversions: counters?.conversions, requests: vendor.requestCount(of: organization.id))
  }
}
