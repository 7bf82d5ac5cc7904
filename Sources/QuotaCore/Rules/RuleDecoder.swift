extension Rule {
  /// One entry of `rules`.
  package static let shape = Shape.byWord(
    "type", "What it watches.", of: RuleType.self, common: common(for: nil), as: { ($0.rawValue, $0.kind.summary) }
  ) { type in
    Fields(common(for: type), type.kind.anyFields) { rule, kind in
      Rule(
        id: rule.id, kind: kind, severity: rule.severity, notify: rule.notify, holdFor: rule.holdFor, scope: rule.scope,
        remindEvery: rule.remindEvery, isEnabled: rule.isEnabled)
    }
  }

  /// What every rule can say, whatever its kind.
  package struct Common: Sendable {
    let id: RuleID
    let severity: RuleSeverity
    let notify: [NotifierID]
    let holdFor: HoldFor?
    let scope: RuleScope
    let remindEvery: TimeSpan?
    let isEnabled: Bool
  }

  /// The settings that rules of every kind have.
  ///
  /// - Parameter type: the kind, as far as it matters here; nil for what is the same in all.
  package static func common(for type: RuleType?) -> Fields<Common> {
    let fields = Fields(
      Field(
        "id", .identifier, .required,
        "The rule's name. An alert is known by it: renaming a rule tells its alerts again."),
      Field(
        "severity", .ruleSeverity, .usually(RuleSeverity(), "`warning`"),
        "How urgent its alerts are; by level as in `{\"default\": \"warning\", \"100%\": \"critical\"}`."),
      Field(
        "notify", .notifiers, .usually([]),
        "The names of the notifiers that hear of it, besides those of the organization."),
      Field(
        "for", .holdFor, .optional(type?.kind.usualHoldForWords ?? "1"),
        "For how many readings in a row, or how long, the condition has to hold before it is told."),
      Field("remind_every", .timeSpan(), .optional("never"), "After how long an alert that still fires is told again."),
      Field("applies_to", .organizations, .optional("everybody"), "Whose usage it is judged on."),
      Field("except", .organizations, .optional("nobody"), "Whose usage it is not judged on."),
      Field("enabled", .boolean, .usually(true), "`false` switches it off; what it has told stays as it is.")
    ) { id, severity, notify, holdFor, remindEvery, appliesTo, except, isEnabled in
      Common(
        id: RuleID(id), severity: severity, notify: notify, holdFor: holdFor,
        scope: RuleScope(appliesTo: appliesTo, except: except), remindEvery: remindEvery, isEnabled: isEnabled)
    }
    guard type?.kind.isMomentary == true else { return fields }
    return fields.refusing(["for", "remind_every"]) {
      "what such a rule tells of happens at one moment; remove \"\($0)\""
    }
  }
}

extension Shape<RuleSeverity> {
  /// `"warning"`, or `{"default": "warning", "100%": "critical"}`.
  fileprivate static var ruleSeverity: Shape {
    .either(Shape<Severity>.severity.map { RuleSeverity($0) }, or: byLevel) { !$0.isObject }
      .called("severity, or an object of them")
      .named("ruleSeverity", "How urgent a rule's alerts are: one word for all, or by level.")
  }

  private static var byLevel: Shape {
    Shape<[Named<Severity>]>.byName(
      .severity, names: .levelName,
      problem: { _, name in
        name == "default" || Level(name) != nil
          ? nil
          : "\"\(name)\" is no level: use \"default\", a percentage such as \"80%\" or a count such as \"5000\""
      }
    ).map { members in
      members.reduce(into: RuleSeverity()) { severity, member in
        if let level = Level(member.name) {
          severity.levels[level] = member.value
        } else {
          severity.usual = member.value
        }
      }
    }
  }
}

extension Shape<Severity> {
  package static var severity: Shape { .choice(of: Severity.self).named("severity", "How urgent something is.") }
}

extension Shape<String> {
  /// `default` or a level.
  fileprivate static var levelName: Shape {
    Shape(
      "level", pattern: "^(?:default|[0-9]{1,6}(?:\\.[0-9]{1,2})?%|[1-9][0-9]{0,17})$",
      accepts: ["default", "80%", "99.5%", "5000"], refuses: ["high", "80 %", "0"], decode: { $0.string() })
  }
}

extension Shape<HoldFor> {
  /// A number of readings, or a length of time.
  fileprivate static var holdFor: Shape {
    .either(
      Shape<Int64>.count(from: 1, to: 1_000).map(HoldFor.readings), or: Shape<TimeSpan>.timeSpan().map(HoldFor.time)
    ) { $0.isNumber }
    .named("holdFor", "So many readings in a row, or a length of time.")
  }
}

extension Shape<OrganizationSelector> {
  /// `{"organizations": […], "tags": […], "plans": […]}`, at least one of them.
  fileprivate static var organizations: Shape {
    func names(_ key: String, _ kind: Referable, _ text: String) -> Fields<[String]> {
      Field(key, .distinct(.reference(to: kind)), .usually([]), text)
    }
    func isGiven(_ key: String) -> JSONLiteral {
      ["required": [.text(key)], "properties": .object([.init(key, ["minItems": 1])])]
    }
    return Shape.object(
      Fields(
        names("organizations", .organization, "Ids of organizations."), names("tags", .tag, "Tags of organizations."),
        names("plans", .plan, "Names of plans.")
      ) {
        OrganizationSelector(organizations: Set($0.map { OrganizationID($0) }), tags: Set($1), plans: Set($2))
      }
      .checked(demand: ["anyOf": [isGiven("organizations"), isGiven("tags"), isGiven("plans")]]) {
        $0 == OrganizationSelector() ? "names nobody: give \"organizations\", \"tags\" or \"plans\"" : nil
      }
    )
    .named("organizationSelector", "Some organizations: those with one of the ids, tags or plans.")
    .tried([["organizations": ["acme"], "tags": ["vip"]]], refuses: [[:], ["organizations": []]])
  }
}
