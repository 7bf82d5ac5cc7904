import QuotaCore

extension ConfigurationDecoder {
  /// Decodes `plans`.
  func plans(_ node: ConfigurationNode) -> [String: PricePlan] {
    identified(node).reduce(into: [:]) { plans, plan in
      plans[plan.name] = PricePlan(name: plan.name, from: plan.node)
    }
  }

  /// Decodes `organizations`, and checks what they refer to.
  func organizations(
    _ node: ConfigurationNode, _ names: Names, plans: [String: PricePlan]
  ) -> [ConfiguredOrganization]? {
    guard let items = node.array(atLeast: 1) else { return nil }
    var ids = UniqueIDs(of: "organization")
    return items.compactMap { item in
      item.object { object -> ConfiguredOrganization? in
        let id = object.required("id")?.identifier()
        if let id { ids.check(id, at: object.optional("id"), in: item) }
        let name = object.optional("name")?.line(atMost: 200)
        let apiKey = object.required("api_key")?.secretReference()
        let webhookSecret = object.optional("webhook_secret")?.secretReference()
        let plan = object.optional("plan")?.reference(to: names.plans, of: "plan")
        let quota = object.optional("quota")?.quota() ?? Quota()
        let tags = object.optional("tags")?.references(to: nil, of: "tag") ?? []
        let notify = object.optional("notify")?.references(to: names.notifiers, of: "notifier") ?? []
        guard let id, let apiKey else { return nil }
        return ConfiguredOrganization(
          organization: Organization(
            id: OrganizationID(id), name: name, plan: plan, quota: quota, pricePlan: plan.flatMap { plans[$0] },
            tags: tags, notify: notify.map { NotifierID($0) }),
          apiKey: apiKey, webhookSecret: webhookSecret)
      }
    }
  }
}
