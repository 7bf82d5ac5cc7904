extension Rule {
  /// Decodes one entry of `rules`. References to notifiers, organizations, tags and plans are checked by who knows them.
  package init?(from node: ConfigurationNode) {
    let decoded = node.object { object -> Rule? in
      let id = object.required("id")?.identifier()
      let name = object.required("type")?.choice(of: RuleKind.Name.self)
      let severity = object.optional("severity").map { $0.ruleSeverity() } ?? RuleSeverity()
      let notify = object.optional("notify").map { $0.array()?.compactMap { $0.identifier() } ?? [] } ?? []
      let holdFor = object.optional("for")?.holdFor()
      let scope = RuleScope(
        appliesTo: object.optional("applies_to")?.organizationSelector(),
        except: object.optional("except")?.organizationSelector())
      let remindEvery = object.optional("remind_every")?.timeSpan()
      let isEnabled = object.optional("enabled")?.boolean() ?? true
      guard let name else {
        object.expectEverything()
        return nil
      }
      let kind = RuleKind(name, from: &object)
      if kind?.isMomentary == true {
        for name in ["for", "remind_every"] {
          object.optional(name)?.report("what such a rule tells of happens at one moment; remove \"\(name)\"")
        }
      }
      guard let id, let kind, let severity else { return nil }
      return Rule(
        id: RuleID(id), kind: kind, severity: severity, notify: notify.map { NotifierID($0) }, holdFor: holdFor,
        scope: scope, remindEvery: remindEvery, isEnabled: isEnabled)
    }
    guard let decoded else { return nil }
    self = decoded
  }
}

extension ConfigurationNode {
  /// `"warning"`, or `{"default": "warning", "100%": "critical"}`.
  fileprivate func ruleSeverity() -> RuleSeverity? {
    guard case .object = json.value else { return choice(of: Severity.self).map { RuleSeverity($0) } }
    var severity = RuleSeverity()
    for (name, node) in members() ?? [] {
      guard let value = node.choice(of: Severity.self) else { continue }
      if name == "default" {
        severity.usual = value
      } else if let level = Level(name) {
        severity.levels[level] = value
      } else {
        node.report(
          "\"\(name)\" is no level: use \"default\", a percentage such as \"80%\" or a count such as \"5000\"")
      }
    }
    return severity
  }

  /// A number of readings, or a length of time.
  fileprivate func holdFor() -> HoldFor? {
    if case .number = json.value { return integer(in: 1...1_000).map(HoldFor.readings) }
    return timeSpan().map(HoldFor.time)
  }

  /// `{"organizations": […], "tags": […], "plans": […]}`, at least one of them.
  package func organizationSelector() -> OrganizationSelector? {
    object { object -> OrganizationSelector? in
      func names(_ key: String) -> [String] {
        object.optional(key)?.array()?.compactMap { $0.identifier() } ?? []
      }
      let selector = OrganizationSelector(
        organizations: Set(names("organizations").map { OrganizationID($0) }), tags: Set(names("tags")),
        plans: Set(names("plans")))
      if selector == OrganizationSelector() {
        report("names nobody: give \"organizations\", \"tags\" or \"plans\"")
        return nil
      }
      return selector
    }
  }
}
