/// How urgent a rule's alerts are, by level where the levels differ.
package struct RuleSeverity: Hashable, Sendable {
  package var usual: Severity
  /// The levels that are more or less urgent than ``usual``.
  package var levels: [Level: Severity]

  package init(_ usual: Severity = .warning, levels: [Level: Severity] = [:]) {
    self.usual = usual
    self.levels = levels
  }

  package func of(_ level: Level?) -> Severity {
    level.flatMap { levels[$0] } ?? usual
  }
}

/// For how long a condition has to hold before it is told.
package enum HoldFor: Hashable, Sendable {
  /// In so many readings in a row, from 1.
  case readings(Int64)
  /// From the first reading that shows it to one at least so much later.
  case time(TimeSpan)
}

/// Which organizations a rule is judged on.
package struct RuleScope: Hashable, Sendable {
  /// Nil for all.
  package var appliesTo: OrganizationSelector?
  package var except: OrganizationSelector?

  package init(appliesTo: OrganizationSelector? = nil, except: OrganizationSelector? = nil) {
    self.appliesTo = appliesTo
    self.except = except
  }

  package func contains(_ organization: Organization) -> Bool {
    (appliesTo?.matches(organization) ?? true) && !(except?.matches(organization) ?? false)
  }
}

/// Some organizations, by id, by tag or by plan.
package struct OrganizationSelector: Hashable, Sendable {
  package var organizations: Set<OrganizationID>
  package var tags: Set<String>
  package var plans: Set<String>

  package init(organizations: Set<OrganizationID> = [], tags: Set<String> = [], plans: Set<String> = []) {
    self.organizations = organizations
    self.tags = tags
    self.plans = plans
  }

  /// Whether one of the ids, tags or plans is the organization's.
  package func matches(_ organization: Organization) -> Bool {
    organizations.contains(organization.id) || organization.plan.map(plans.contains) ?? false
      || !tags.isDisjoint(with: organization.tags)
  }
}
