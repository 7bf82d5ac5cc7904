package import FoundationEssentials
package import Notifiers
package import QuotaCore

/// Everything that a configuration file says, valid and with its defaults filled in; see `docs/configuration.md`.
package struct Configuration: Sendable {
  package var databasePath: String
  package var api: APIConfiguration
  /// The zone in which the vendor's months begin and end.
  package var billingTimeZone: TimeZone
  /// The zone's name as it is written in the file: Foundation calls `UTC` by another name.
  package var billingTimeZoneName: String
  /// The plans by name. Organizations have theirs already.
  package var plans: [String: PricePlan]
  /// In the order of the file, at least one.
  package var organizations: [ConfiguredOrganization]
  package var rules: [Rule]
  /// Who is told, beside the notifiers of rules and organizations.
  package var routes: [Route]
  /// Who is told of what nobody else is named for.
  package var defaultNotify: [NotifierID]
  package var breaker: Breaker
  /// Where a monitor of scheduled jobs is told how runs go; nil for nowhere.
  package var heartbeat: WebEndpoint?
  /// In the order of the file.
  package var notifiers: [ConfiguredNotifier]
  package var retention: Retention
  package var ledger: LedgerSettings
  /// How far figures may be apart.
  package var reconciliation: ReconciliationSettings
  /// How statements look that are printed.
  package var statement: StatementSettings
  /// When `serve` collects; nil where something else starts the runs.
  package var schedule: Schedule?
  /// Who may ask the server of `serve`, in the order of the file.
  package var tokens: [ServeToken]
  package var serve: ServeSettings
  /// How organizations are shown on others' pages; nil if they are not.
  package var embed: EmbedSettings?
  /// The directory that relative paths of secrets are relative to: the file's own.
  package var directory: String
  /// What is allowed but probably not meant; one line each, with its place in the file. Empty unless it was looked for.
  package var warnings: [String]
  /// Files that everybody on this machine can change, and what to do; one line each.
  package var exposures: [String] = []
  /// Who asks sees these organizations alone, and the others are as those that there are not; nil for all.
  package var visible: Set<OrganizationID>?
  /// The files that it was read from, in order, the first of them its own; empty where there was none.
  package var origins: [Origin] = []

  /// A file, and how many organizations stand in it.
  package struct Origin: Hashable, Sendable {
    package let file: String
    package let organizations: Int
  }

  package init(
    databasePath: String = Configuration.defaultDatabase, api: APIConfiguration = APIConfiguration(),
    billingTimeZone: TimeZone = .gmt, billingTimeZoneName: String = "UTC", plans: [String: PricePlan] = [:],
    organizations: [ConfiguredOrganization], rules: [Rule] = [], routes: [Route] = [],
    defaultNotify: [NotifierID] = [], breaker: Breaker = Breaker(), heartbeat: WebEndpoint? = nil,
    notifiers: [ConfiguredNotifier] = [],
    retention: Retention = Retention(), ledger: LedgerSettings = LedgerSettings(),
    reconciliation: ReconciliationSettings = ReconciliationSettings(),
    statement: StatementSettings = StatementSettings(), schedule: Schedule? = nil,
    tokens: [ServeToken] = [], serve: ServeSettings = ServeSettings(), embed: EmbedSettings? = nil,
    directory: String = ".", warnings: [String] = []
  ) {
    self.databasePath = databasePath
    self.api = api
    self.billingTimeZone = billingTimeZone
    self.billingTimeZoneName = billingTimeZoneName
    self.plans = plans
    self.organizations = organizations
    self.rules = rules
    self.routes = routes
    self.defaultNotify = defaultNotify
    self.breaker = breaker
    self.heartbeat = heartbeat
    self.notifiers = notifiers
    self.retention = retention
    self.ledger = ledger
    self.reconciliation = reconciliation
    self.statement = statement
    self.schedule = schedule
    self.tokens = tokens
    self.serve = serve
    self.embed = embed
    self.directory = directory
    self.warnings = warnings
  }

  /// Where the database is, beside the configuration file, unless the file says otherwise.
  package static let defaultDatabase = "quotawatch.sqlite"

  /// Every secret that the configuration refers to, each once, in the order of the file.
  package var secrets: [SecretReference] {
    var (seen, secrets): (Set<SecretReference>, [SecretReference]) = ([], [])
    forEachSecret { if seen.insert($0).inserted { secrets.append($0) } }
    return secrets
  }

  /// Goes over the same, each as often as it is named: of many organizations they are not gathered.
  private func forEachSecret(_ body: (SecretReference) -> Void) {
    for organization in organizations {
      body(organization.apiKey)
      organization.webhookSecret.map(body)
    }
    notifiers.flatMap(\.configuration.secrets).forEach(body)
    heartbeat?.secrets.forEach(body)
    tokens.map(\.secret).forEach(body)
    (embed?.secret).map(body)
  }
}

extension Configuration {
  /// Whether a channel or a secret is a program, which runs as who runs quotawatch.
  var runsPrograms: Bool {
    var isNamed = notifiers.contains(where: \.configuration.runsPrograms)
    forEachSecret { if case .command = $0 { isNamed = true } }
    return isNamed
  }

  /// The environment variables that hold secrets.
  var secretVariables: Set<String> {
    var names: Set<String> = []
    forEachSecret { if case .environment(let name) = $0 { names.insert(name) } }
    return names
  }
}

/// An organization, and where its secrets are.
package struct ConfiguredOrganization: Hashable, Sendable {
  package internal(set) var organization: Organization
  package let apiKey: SecretReference
  /// What the vendor signs its webhooks to us with; nil if it sends none.
  package let webhookSecret: SecretReference?

  package init(organization: Organization, apiKey: SecretReference, webhookSecret: SecretReference? = nil) {
    self.organization = organization
    self.apiKey = apiKey
    self.webhookSecret = webhookSecret
  }
}

/// A channel under the name that rules and organizations refer to.
package struct ConfiguredNotifier: Sendable {
  package let id: NotifierID
  package let configuration: NotifierConfiguration

  package init(id: NotifierID, configuration: NotifierConfiguration) {
    self.id = id
    self.configuration = configuration
  }
}

/// For how long all snapshots are kept.
package struct Retention: Hashable, Sendable {
  /// After so many days only one snapshot a day is kept, and the last of each month; 1 to 3650.
  package var thinAfterDays: Int

  package init(thinAfterDays: Int = 90) {
    self.thinAfterDays = thinAfterDays
  }
}
