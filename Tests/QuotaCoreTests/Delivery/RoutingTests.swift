import QuotaCore
import TestSupport
import Testing

@Suite("Who is told")
struct RoutingTests {
  private static func id(_ name: String) -> NotifierID { NotifierID(name) }

  private let acme = Organization(
    id: OrganizationID("acme"), plan: "growth", tags: ["vip"], notify: [NotifierID("acme-hook")])
  private let globex = Organization(id: OrganizationID("globex"), notify: [NotifierID("globex-hook")])

  private func routing(
    notify: [String] = [], routes: [Route] = [], defaults: [String] = [], breaker: [String] = [],
    private owner: [String: String] = [:]
  ) -> Routing {
    var rule = LifecyclePieces.rule
    rule.notify = notify.map(Self.id)
    let names = ["ops", "pager", "finance", "fallback", "acme-hook", "globex-hook"]
    return Routing(
      rules: [rule], routes: routes, defaults: defaults.map(Self.id), breakerNotify: breaker.map(Self.id),
      organizations: [acme, globex],
      channels: Dictionary(
        uniqueKeysWithValues: names.map { name in
          var policy = DeliveryPolicy()
          policy.organization = owner[name].map { OrganizationID($0) }
          return (
            Self.id(name),
            Routing.Recipient(policy: policy, keepsIncidents: name == "pager", sendsAcknowledgements: name == "pager")
          )
        }))
  }

  private func told(_ routing: Routing, _ organization: Organization?, _ event: Event = .threshold()) -> [String] {
    routing.recipients(of: event, organization).map(\.rawValue)
  }

  @Test("the rule's notifiers, the organization's, and the first route that matches")
  func together() {
    let routes = [
      Route(match: RouteMatch(severities: [.critical]), notify: [Self.id("pager")]),
      Route(match: RouteMatch(tags: ["vip"]), notify: [Self.id("finance")]),
      Route(notify: [Self.id("fallback")]),
    ]
    let routing = routing(notify: ["ops"], routes: routes)
    #expect(told(routing, acme) == ["ops", "acme-hook", "finance"])
    #expect(told(routing, acme, .threshold(severity: .critical)) == ["ops", "acme-hook", "pager"])
    #expect(told(routing, globex) == ["ops", "globex-hook", "fallback"])
  }

  @Test("a route that continues lets the next one count, too")
  func continues() {
    let routes = [
      Route(match: RouteMatch(plans: ["growth"]), notify: [Self.id("finance")], continues: true),
      Route(notify: [Self.id("ops")]),
    ]
    #expect(told(routing(routes: routes), acme) == ["acme-hook", "finance", "ops"])
  }

  @Test("all that a route names has to match")
  func conjunction() {
    let match = RouteMatch(
      rules: [RuleID("pages-quota")], severities: [.warning], organizations: [OrganizationID("acme")], tags: ["vip"])
    #expect(match.matches(.threshold(), acme))
    #expect(!match.matches(.threshold(severity: .info), acme))
    #expect(!match.matches(.threshold(), globex))
  }

  @Test("defaults hear of what nobody else is named for")
  func defaults() {
    let nobody = Organization(id: OrganizationID("initech"))
    #expect(told(routing(defaults: ["fallback"]), nobody) == ["fallback"])
    #expect(told(routing(notify: ["ops"], defaults: ["fallback"]), nobody) == ["ops"])
  }

  @Test("a notifier that belongs to an organization hears of nobody else, whoever names it")
  func ownership() {
    let routing = routing(notify: ["ops", "finance"], private: ["finance": "acme"])
    #expect(told(routing, acme) == ["ops", "finance", "acme-hook"])
    var event = Event.threshold()
    event.organization = OrganizationID("globex")
    #expect(told(routing, globex, event) == ["ops", "globex-hook"])
  }

  @Test("a client's channel is told nothing that names another organization, or the vendor's data as a whole")
  func clients() {
    let routing = routing(notify: ["ops"])
    var duplicate = Event.threshold()
    duplicate.evidence.otherOrganization = OrganizationID("globex")
    #expect(told(routing, acme, duplicate) == ["ops"])
    var doubt = Event.threshold()
    doubt.topic = .breaker
    doubt.organization = nil
    #expect(told(routing, nil, doubt) == ["ops"])
    #expect(!routing.delivers(doubt, to: Self.id("acme-hook")))
  }

  @Test("doubt about the vendor's figures goes to those it names")
  func breaker() {
    var doubt = Event.threshold()
    doubt.topic = .breaker
    doubt.organization = nil
    #expect(told(routing(notify: ["ops"], breaker: ["finance"]), nil, doubt) == ["finance"])
  }

  @Test("acknowledgements and the end of a month are for channels that keep incidents")
  func incidents() {
    let routing = routing(notify: ["ops", "pager"])
    for transition in [Event.Transition.acknowledged, .expired] {
      #expect(!routing.delivers(.threshold(transition), to: Self.id("ops")))
      #expect(routing.delivers(.threshold(transition), to: Self.id("pager")))
    }
  }
}

private enum LifecyclePieces {
  static let rule = Rule(
    id: RuleID("pages-quota"),
    kind: ThresholdRule(metric: .pages, levels: [.percent(hundredths: 8_000)]))
}
