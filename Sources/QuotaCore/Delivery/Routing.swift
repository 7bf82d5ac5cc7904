/// Who is told of what: the notifiers of rules and organizations, routes, and defaults.
package struct Routing: Sendable {
  /// In the order of the configuration; the first that matches counts, and those after it if it says `continue`.
  package let routes: [Route]
  /// Who hears of what nobody else is named for.
  package let defaults: [NotifierID]
  /// Who hears that the vendor's figures are suspect; empty for everybody who sees all organizations.
  package let breakerNotify: [NotifierID]
  private let rules: [Rule]
  /// The configured notifiers, and how they are told.
  private let channels: [NotifierID: Recipient]
  /// The notifiers that organizations name and nothing else does, with those organizations: they are told of nobody else.
  private let clients: [NotifierID: Set<OrganizationID>]

  /// What routing has to know of a notifier.
  package struct Recipient: Sendable {
    package let policy: DeliveryPolicy
    /// Whether it keeps incidents, and so has to know when they end, whatever ends them.
    package let keepsIncidents: Bool
    package let sendsAcknowledgements: Bool

    package init(policy: DeliveryPolicy, keepsIncidents: Bool, sendsAcknowledgements: Bool) {
      self.policy = policy
      self.keepsIncidents = keepsIncidents
      self.sendsAcknowledgements = sendsAcknowledgements
    }
  }

  package init(
    rules: [Rule], routes: [Route] = [], defaults: [NotifierID] = [], breakerNotify: [NotifierID] = [],
    organizations: some Sequence<Organization>, channels: [NotifierID: Recipient]
  ) {
    self.rules = rules
    self.routes = routes
    self.defaults = defaults
    self.breakerNotify = breakerNotify
    self.channels = channels
    let general = Set(rules.flatMap(\.notify) + routes.flatMap(\.notify) + defaults + breakerNotify)
    var clients: [NotifierID: Set<OrganizationID>] = [:]
    for organization in organizations {
      for notifier in organization.notify where !general.contains(notifier) {
        clients[notifier, default: []].insert(organization.id)
      }
    }
    self.clients = clients
  }

  /// The notifiers that hear of a new event: of a firing, or of suspect figures. What follows it goes to those who have
  /// heard of it; see ``delivers(_:to:)``.
  package func recipients(of event: Event, _ organization: Organization?) -> [NotifierID] {
    var named: [NotifierID]
    if let organization {
      named = rules.first { $0.id == event.rule }?.notify ?? []
      named += organization.notify
      named += routed(event, organization)
      if named.isEmpty { named = defaults }
    } else {
      named = breakerNotify.isEmpty ? general : breakerNotify
    }
    var seen: Set<NotifierID> = []
    return named.filter { delivers(event, to: $0) && seen.insert($0).inserted }
  }

  private func routed(_ event: Event, _ organization: Organization) -> [NotifierID] {
    var named: [NotifierID] = []
    for route in routes where route.match.matches(event, organization) {
      named += route.notify
      if !route.continues { break }
    }
    return named
  }

  /// Everybody whom rules, routes and defaults name, in that order.
  private var general: [NotifierID] {
    rules.flatMap(\.notify) + routes.flatMap(\.notify) + defaults
  }

  /// Who is told what a notifier could not be told.
  package func fallbacks(of notifier: NotifierID, for event: Event) -> [NotifierID] {
    (channels[notifier]?.policy.fallback ?? []).filter { fallback in
      delivers(event, to: fallback)
        && clients[fallback].map { clients in event.organization.map(clients.contains) ?? false } ?? true
    }
  }

  /// Who hears that a notifier could not be told something.
  package func witnesses(of notifier: NotifierID, for event: Event) -> [NotifierID] {
    var seen: Set<NotifierID> = [notifier]
    return (general + (channels[notifier]?.policy.fallback ?? [])).filter {
      delivers(event, to: $0) && seen.insert($0).inserted
    }
  }

  /// Whether there is such a notifier.
  package func isConfigured(_ notifier: NotifierID) -> Bool { channels[notifier] != nil }

  /// Whether a notifier may be told of an event at all: a client's channel learns of no other organization.
  package func delivers(_ event: Event, to notifier: NotifierID) -> Bool {
    guard let channel = channels[notifier] else { return false }
    let isPrivate = channel.policy.organization != nil || clients[notifier] != nil
    if let owner = channel.policy.organization, owner != event.organization { return false }
    if isPrivate, event.organization == nil || event.evidence.otherOrganization != nil { return false }
    switch event.transition {
    case .firing, .reminder, .test: return true
    case .resolved: return channel.policy.sendsResolved || channel.keepsIncidents
    case .acknowledged: return channel.sendsAcknowledgements
    case .expired, .retired, .reopened: return channel.keepsIncidents
    }
  }
}

/// One entry of `routes`.
package struct Route: Hashable, Sendable {
  package var match: RouteMatch
  package var notify: [NotifierID]
  /// Whether routes after this one count, too.
  package var continues: Bool

  package init(match: RouteMatch = RouteMatch(), notify: [NotifierID], continues: Bool = false) {
    self.match = match
    self.notify = notify
    self.continues = continues
  }
}

/// What a route is for: all that is given has to match; nothing given matches everything.
package struct RouteMatch: Hashable, Sendable {
  package var rules: Set<RuleID>?
  package var severities: Set<Severity>?
  package var organizations: Set<OrganizationID>?
  package var tags: Set<String>?
  package var plans: Set<String>?

  package init(
    rules: Set<RuleID>? = nil, severities: Set<Severity>? = nil, organizations: Set<OrganizationID>? = nil,
    tags: Set<String>? = nil, plans: Set<String>? = nil
  ) {
    self.rules = rules
    self.severities = severities
    self.organizations = organizations
    self.tags = tags
    self.plans = plans
  }

  package func matches(_ event: Event, _ organization: Organization) -> Bool {
    matches(event.rule, event.severity, organization)
  }

  /// Whether it is for what a rule says with this severity of an organization.
  package func matches(_ rule: RuleID, _ severity: Severity, _ organization: Organization) -> Bool {
    rules.map { $0.contains(rule) } ?? true
      && severities.map { $0.contains(severity) } ?? true
      && organizations.map { $0.contains(organization.id) } ?? true
      && tags.map { !$0.isDisjoint(with: organization.tags) } ?? true
      && plans.map { plans in organization.plan.map(plans.contains) ?? false } ?? true
  }
}
