import FoundationEssentials
import Notifiers
package import QuotaCore

extension Configuration {
  /// Everything that a configuration file can say.
  package static let shape = Shape.object(
    Fields(sources, watched, alerting, Self.figures, served) { sources, watched, alerting, figures, served in
      Configuration(
        databasePath: sources.database, api: sources.api, billingTimeZone: sources.zone.zone,
        billingTimeZoneName: sources.zone.name, plans: watched.plans, organizations: watched.organizations,
        rules: watched.rules, routes: alerting.routes, defaultNotify: alerting.defaults, breaker: alerting.breaker,
        heartbeat: alerting.heartbeat, notifiers: alerting.notifiers, retention: sources.retention,
        ledger: figures.ledger,
        reconciliation: figures.reconciliation, statement: figures.statement, schedule: served.schedule,
        tokens: served.tokens, serve: served.settings, embed: served.embed)
    })

  private static let sources = Fields(
    Field("$schema", .text, .optional, "Where the JSON Schema is, for editors."),
    Field(
      "database", .writtenPath, .usually(defaultDatabase),
      "The SQLite file that holds what was read; its directory has to exist."),
    Field("api", APIConfiguration.shape, .usually(APIConfiguration()), "How the vendor is reached."),
    Field(
      "billing_time_zone", .timeZone, .usually(NamedTimeZone(name: "UTC", zone: .gmt)),
      "The time zone in which the vendor's months begin and end: a name of the IANA database such as `Europe/Berlin`, or `UTC`."
    ),
    Field("retention", Retention.shape, .usually(Retention()), "For how long all snapshots are kept.")
  ) { _, database, api, zone, retention in (database: database, api: api, zone: zone, retention: retention) }

  private static let watched = Fields(
    Field("plans", .byID(PricePlan.versions), .usually([]), "Plans by name: what organizations have in common."),
    Field(
      "organizations", .list(of: ConfiguredOrganization.shape, count: 1...(.max), distinctIDsOf: .organization),
      .usually([], "those of the other files"), "Who is watched, each with an API key of its own; at least one."),
    Field(
      "organizations_file", OrganizationsFile.shape, .optional, "A table of organizations, beside those of this file."),
    Field(
      "include",
      .oneOrMore(Shape<String>.writtenPath).tried(only: [], refuses: ["", 5, [], [5]], beyond: ["no-such.json"]),
      .usually([], "nothing"),
      "Files with more organizations, plans, rules, notifiers and routes; `*` in a name stands for anything."),
    Field(
      "rules", .list(of: Rule.shape.called("rule"), distinctIDsOf: .rule), .usually([]),
      "The conditions that somebody wants to hear of.")
  ) { versions, organizations, _, _, rules in
    let plans = Dictionary(versions.map { ($0.name, PricePlan(name: $0.name, versions: $0.value)) }) { $1 }
    return (plans: plans, organizations: organizations, rules: rules)
  }
  .withAny(of: ["organizations", "organizations_file", "include"], else: "\"organizations\" is missing")

  private static let alerting = Fields(
    Field("notifiers", .byID(NotifierConfiguration.shape.called("channel")), .usually([]), "The channels by name."),
    Field(
      "routes", .list(of: Route.shape), .usually([]),
      "Who hears of an event besides the notifiers of its rule and organization: the first route that matches counts."),
    Field("default_notify", .notifiers, .usually([]), "Who hears of an event that nobody else is named for."),
    Field("breaker", Breaker.shape, .usually(Breaker()), "When the vendor's figures as a whole are suspect."),
    Field(
      "heartbeat", .secret, .optional,
      "The address at which a monitor of scheduled jobs, such as Healthchecks, is told of runs: of the beginning of each collect (`/start`), and of its end (or `/fail`)."
    )
  ) { notifiers, routes, defaults, breaker, heartbeat in
    let notifiers = notifiers.map { ConfiguredNotifier(id: NotifierID($0.name), configuration: $0.value) }
    let endpoint = heartbeat.map { WebEndpoint(url: .secret($0)) }
    return (notifiers: notifiers, routes: routes, defaults: defaults, breaker: breaker, heartbeat: endpoint)
  }

  private static let figures = Fields(
    Field("ledger", LedgerSettings.shape, .usually(LedgerSettings()), "Our own count of executions."),
    Field(
      "reconciliation", ReconciliationSettings.shape, .usually(ReconciliationSettings()),
      "How far usage and invoices may be apart."),
    Field("statement", StatementSettings.shape, .usually(StatementSettings()), "The letterhead of printed statements.")
  ) { (ledger: $0, reconciliation: $1, statement: $2) }

  private static let served = Fields(
    Field("schedule", Schedule.shape, .optional("something else starts the runs"), "When `quotawatch serve` collects."),
    Field(
      "tokens", .list(of: ServeToken.shape), .usually([]),
      "Who may ask the server of `quotawatch serve`. On a loopback address everybody may read without."),
    Field(
      "serve", ServeSettings.shape, .usually(ServeSettings()), "By which names the server goes, and whom it believes."),
    Field("embed", EmbedSettings.shape, .optional("nothing"), "How organizations are shown on others' pages.")
  ) { (schedule: $0, tokens: $1, settings: $2, embed: $3) }
}

extension Retention {
  fileprivate static let shape = Shape.object(
    Field(
      "thin_after_days", .integer(from: 1, to: 3_650), .usually(Retention().thinAfterDays),
      "After so many days only one snapshot a day is kept, and always the last of each month and the last before its end."
    ).map { Retention(thinAfterDays: $0) }
  )
  .named("retention", "For how long all snapshots are kept.")
}

extension ConfiguredOrganization {
  /// Without its plan's prices and quotas, which another part of the file has.
  fileprivate static let shape = Shape.object(
    Fields(
      Field("id", .identifier, .required, "Your own id of the organization. Its history is kept under it."),
      Field("name", .line(atMost: 200), .optional("the id"), "What people call it, up to 200 characters."),
      Field("api_key", .secret, .required, "The organization's API key."),
      Field(
        "plan", .reference(to: .plan), .optional,
        "The name of one of the plans; its quota fills up the organization's own, and its prices count."),
      Field(
        "webhook_secret", .secret, .optional,
        "What the vendor signs its webhooks with; `quotawatch ledger listen` and `serve` take those of organizations that have one."
      ),
      Field("quota", .quota, .usually(Quota()), "What its month includes."),
      Field("tags", .distinct(.identifier), .usually([]), "Words to group organizations by."),
      Field(
        "notify", .notifiers, .usually([]),
        "The names of the notifiers that hear of this organization, besides those of the rule.")
    ) { id, name, apiKey, plan, webhookSecret, quota, tags, notify in
      ConfiguredOrganization(
        organization: Organization(
          id: OrganizationID(id), name: name, plan: plan, quota: quota, tags: tags, notify: notify),
        apiKey: apiKey, webhookSecret: webhookSecret)
    }
  )
  .called("organization").named("organization", "One customer of the vendor, known by one API key.")
  .tried([["id": "acme", "api_key": ["env": "DOCUTRAY_API_KEY_ACME"], "tags": ["vip"]]])
}

extension Route {
  fileprivate static let shape = Shape.object(
    Fields(
      Field(
        "match", RouteMatch.shape, .usually(RouteMatch(), "everything"),
        "All that is given has to match; an entry of a list is enough."),
      Field("notify", .notifiers, .required, "Who hears of it."),
      Field("continue", .boolean, .usually(false), "Whether the routes after this one count, too.")
    ) { Route(match: $0, notify: $1, continues: $2) }
  )
  .called("route").named("route", "One way to notifiers.")
}

extension RouteMatch {
  fileprivate static let shape = Shape.object(
    Fields(
      Field("rules", .distinct(.reference(to: .rule)), .optional("any"), "Ids of rules."),
      Field("severity", .list(of: .severity, count: 1...(.max)), .optional("any"), "How urgent it is."),
      Field("organizations", .distinct(.reference(to: .organization)), .optional("any"), "Ids of organizations."),
      Field("tags", .distinct(.reference(to: .tag)), .optional("any"), "Tags of organizations."),
      Field("plans", .distinct(.reference(to: .plan)), .optional("any"), "Names of plans.")
    ) { rules, severities, organizations, tags, plans in
      RouteMatch(
        rules: rules.map { Set($0.map { RuleID($0) }) }, severities: severities.map { Set($0) },
        organizations: organizations.map { Set($0.map { OrganizationID($0) }) }, tags: tags.map { Set($0) },
        plans: plans.map { Set($0) })
    }
  )
  .named("routeMatch", "What an event is of that takes a route.")
}
