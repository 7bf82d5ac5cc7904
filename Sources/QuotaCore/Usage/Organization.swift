/// Our own id of one customer of the vendor, such as `acme`; see ``Identifier``.
package typealias OrganizationID = ID<Organization>

/// One customer of the vendor, known to us by one API key.
package struct Organization: Hashable, Sendable {
  package let id: OrganizationID
  /// What people call it; the id where nothing else is configured.
  package let name: String
  /// The name of its plan, if it has one.
  package let plan: String?
  /// Its own quota over time, filled up from its plan's.
  package private(set) var quotas: QuotaSchedule
  /// The plan's prices and quotas over time, if it has a plan.
  package private(set) var pricePlan: PricePlan?
  package let tags: [String]
  /// The notifiers that hear of this organization's events, besides those of the rule.
  package let notify: [NotifierID]

  /// - Parameters:
  ///   - quota: its own.
  ///   - pricePlan: the plan of that name, from which its quota is filled up.
  package init(
    id: OrganizationID, name: String? = nil, plan: String? = nil, quota: Quota = Quota(), pricePlan: PricePlan? = nil,
    tags: [String] = [], notify: [NotifierID] = []
  ) {
    self.id = id
    self.name = name ?? id.rawValue
    self.plan = plan
    quotas = pricePlan?.quotas.filling(quota) ?? QuotaSchedule(quota)
    self.pricePlan = pricePlan
    self.tags = tags
    self.notify = notify
  }

  /// Fills its own quota up from a plan, the first that it gets.
  package mutating func take(_ plan: PricePlan) {
    guard pricePlan == nil, let own = quotas.all.first else { return }
    (quotas, pricePlan) = (plan.quotas.filling(own), plan)
  }
}
