import QuotaCore

extension ConfigurationDecoder {
  /// Decodes `routes`, and checks what they refer to.
  func routes(_ node: ConfigurationNode, _ names: Names) -> [Route] {
    (node.array() ?? []).compactMap { item in
      item.object { object -> Route? in
        let match = object.optional("match").map { $0.routeMatch(names) } ?? RouteMatch()
        let notify = object.required("notify")?.references(to: names.notifiers, of: "notifier") ?? []
        let continues = object.optional("continue").map { $0.boolean() } ?? false
        guard let match, let continues else { return nil }
        return Route(match: match, notify: notify.map { NotifierID($0) }, continues: continues)
      }
    }
  }

  /// Decodes `breaker`, and checks what it refers to.
  func breaker(_ node: ConfigurationNode, _ names: Names) -> Breaker? {
    if case .object = node.json.value, let members = node.members() {
      for (name, value) in members where name == "notify" {
        value.checkReferences(to: names.notifiers, of: "notifier")
      }
    }
    return Breaker(from: node)
  }

  /// Reports the organizations, tags and plans of a selector that there are not.
  func checkSelector(_ node: ConfigurationNode, _ names: Names) {
    guard case .object = node.json.value, let members = node.members() else { return }
    for (name, value) in members {
      switch name {
      case "organizations": value.checkReferences(to: names.organizations, of: "organization")
      case "tags": value.checkReferences(to: names.tags, of: "tag")
      case "plans": value.checkReferences(to: names.plans, of: "plan")
      default: break
      }
    }
  }
}

extension ConfigurationNode {
  fileprivate func routeMatch(_ names: ConfigurationDecoder.Names) -> RouteMatch? {
    object { object -> RouteMatch? in
      func set(_ key: String, _ known: Set<String>?, _ kind: String) -> Set<String>? {
        object.optional(key).map { Set($0.references(to: known, of: kind)) }
      }
      let severities = object.optional("severity").map { node in
        Set((node.array(atLeast: 1) ?? []).compactMap { $0.choice(of: Severity.self) })
      }
      return RouteMatch(
        rules: set("rules", names.rules, "rule").map {
          Set($0.map { RuleID($0) })
        },
        severities: severities,
        organizations: set("organizations", names.organizations, "organization").map {
          Set($0.map { OrganizationID($0) })
        },
        tags: set("tags", names.tags, "tag"), plans: set("plans", names.plans, "plan"))
    }
  }
}
