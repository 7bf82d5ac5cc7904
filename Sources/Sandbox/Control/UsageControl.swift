import Hummingbird
import QuotaCore

/// `/sandbox/usage`: counters, set or added to.
extension Control {
  private struct UsageChange {
    let organization: OrganizationID
    /// Nil for the vendor's current one.
    let month: BillingMonth?
    let adds: Bool
    let counters: Quota
  }

  private struct ChangedUsage: Encodable {
    let organization: String
    let month: BillingMonth
    let pages: Int64
    let conversions: Int64
  }

  func registerUsage(on router: Router<SandboxContext>) {
    router.post("/sandbox/usage") { request, _ in
      try await ControlExchange.take(request) { object -> UsageChange? in
        let organization = object.required("organization").flatMap { self.organization($0) }
        let month = object.optional("month").map { $0.month() }
        let set = Quota(
          pages: object.optional("pages")?.integer(in: 0...Int64.max),
          conversions: object.optional("conversions")?.integer(in: 0...Int64.max))
        let added = Quota(
          pages: object.optional("add_pages")?.integer(in: -Int64.max...Int64.max),
          conversions: object.optional("add_conversions")?.integer(in: -Int64.max...Int64.max))
        guard (set == Quota()) != (added == Quota()) else {
          object.node.report(
            "expected \"pages\" and \"conversions\" to set them, or \"add_pages\" and \"add_conversions\"")
          return nil
        }
        guard let organization else { return nil }
        return UsageChange(
          organization: organization, month: month ?? nil, adds: set == Quota(),
          counters: set == Quota() ? added : set)
      } then: { change in
        apply(change)
      }
    }
  }

  private func apply(_ change: UsageChange) -> ChangedUsage? {
    guard let month = change.month ?? vendor.currentMonth else { return nil }
    let counters = change.counters
    if change.adds {
      vendor.addUsage(
        of: change.organization, in: month,
        Counters(pages: counters.pages ?? 0, conversions: counters.conversions ?? 0))
    } else {
      let current = vendor.usage(of: change.organization, in: month)
      vendor.setUsage(
        of: change.organization, in: month,
        to: Counters(
          pages: counters.pages ?? current.pages, conversions: counters.conversions ?? current.conversions))
    }
    let result = vendor.usage(of: change.organization, in: month)
    return ChangedUsage(
      organization: change.organization.rawValue, month: month, pages: result.pages, conversions: result.conversions)
  }
}
