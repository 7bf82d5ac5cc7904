package import FoundationEssentials
package import QuotaCore

/// The program apart from its command line: a configuration and what it needs of the world, the parts that are made of
/// them, and what can be done with those.
package struct Setup: Sendable {
  package private(set) var configuration: Configuration
  package let world: World
  /// Where a process that goes on keeps connections that only read.
  var readings: ReadingPool?
  /// Where it keeps what it has read of every organization.
  var statuses: StatusMemory?
  /// Who does what is done.
  var author = Author(name: "unknown", way: .command)
  /// Whether it is of a moment that is past.
  private(set) var isPast = false

  package init(_ configuration: Configuration, world: World) {
    self.configuration = configuration
    self.world = world
  }

  /// The same at a moment that is past, for looking at what was stored: nothing is collected by a schedule, and no webhook
  /// is taken.
  package func asOf(_ moment: Date) -> Setup {
    var configuration = configuration
    configuration.schedule = nil
    configuration.organizations = configuration.organizations.map {
      ConfiguredOrganization(organization: $0.organization, apiKey: $0.apiKey)
    }
    var setup = Setup(configuration, world: world.stopped(at: moment))
    setup.isPast = true
    return setup
  }

  /// The same for somebody who does something.
  package func acting(as author: Author) -> Setup {
    var setup = seeing(author.organizations)
    setup.author = author
    return setup
  }

  /// The same for somebody who sees some organizations; nil for all.
  func seeing(_ visible: Set<OrganizationID>?) -> Setup {
    var setup = self
    setup.configuration.visible = visible
    return setup
  }

  // MARK: - Parts

  var log: ActLog { ActLog(author: author, now: world.now) }

  var database: DatabaseAccess {
    DatabaseAccess(
      path: configuration.databasePath, billingTimeZone: configuration.billingTimeZone, clock: world.clock,
      logger: world.logger, readings: readings)
  }

  var vendor: Vendor {
    Vendor(api: configuration.api, world: world)
  }

  var channels: Channels { Channels(configuration: configuration, world: world) }

  // MARK: - Use cases

  package var exportReconciliation: ExportReconciliation {
    .init(configuration: configuration, database: database, world: world)
  }
  package var reconciliation: ReadReconciliation {
    .init(configuration: configuration, database: database, world: world)
  }
  package var review: ReviewEntry { .init(configuration: configuration, database: database, world: world, log: log) }
  package var lastRun: ReadLastRun { .init(database: database) }
  package var status: ReadStatus {
    .init(configuration: configuration, database: database, world: world, memory: statuses)
  }
  package var addSilence: AddSilence { .init(configuration: configuration, database: database, world: world, log: log) }
  package var silences: ListSilences { .init(database: database, world: world) }
  package var removeSilence: RemoveSilence { .init(database: database, world: world, log: log) }
  package var acknowledge: AcknowledgeAlerts {
    .init(configuration: configuration, database: database, channels: channels, world: world, log: log)
  }
  package var alertMarks: ReadAlertMarks {
    .init(configuration: configuration, database: database, world: world)
  }
  package var alerts: ListAlerts { .init(configuration: configuration, database: database) }
  package var notifyTest: TestNotifiers {
    .init(configuration: configuration, database: database, channels: channels, world: world, log: log)
  }
  package var notifyList: ListNotifiers { .init(configuration: configuration, database: database) }
  package var notifyRetry: RetryDeliveries { .init(database: database, channels: channels, world: world, log: log) }
  package var dismiss: DismissDeadLetters { .init(database: database, world: world, log: log) }
  package var deadLetters: ListDeadLetters { .init(database: database) }
  package var notifyPreview: PreviewMessage { .init(configuration: configuration, channels: channels, world: world) }
  package var databaseInfo: DescribeDatabase { .init(database: database) }
  package var databaseProblems: CheckDatabase { .init(database: database) }
  package var backUpDatabase: BackUpDatabase { .init(configuration: configuration, database: database, world: world) }
  package var restoreDatabase: RestoreDatabase { .init(database: database, channels: channels, world: world) }
  package var stepStatus: AskForSteps { .init(configuration: configuration, database: database, follow: follow) }
  package var runStep: RunStep { .init(configuration: configuration, database: database, vendor: vendor, world: world) }
  package var check: Check {
    .init(configuration: configuration, database: database, vendor: vendor, channels: channels, world: world)
  }
  package var why: Why { .init(configuration: configuration, database: database, channels: channels, world: world) }
  package var pollLedger: PollLedger { .init(configuration: configuration, database: database, follow: follow) }
  package var followExecution: FollowExecutions { follow }
  var follow: FollowExecutions { .init(configuration: configuration, database: database, vendor: vendor, world: world) }
  var badge: ReadBadge { .init(configuration: configuration, status: status, world: world) }
  package var mintEmbedToken: MintEmbedToken { .init(configuration: configuration, world: world) }
  package var organization: ReadOrganization {
    .init(configuration: configuration, database: database, world: world, status: status, why: why)
  }
  package var metrics: ReadMetrics { .init(configuration: configuration, database: database, status: status) }
  package var listen: ListenForWebhooks { .init(configuration: configuration, database: database, world: world) }
  package var addToken: AddToken { .init(configuration: configuration, database: database, world: world, log: log) }
  package var tokens: ListTokens { .init(database: database, world: world) }
  package var revokeToken: RevokeToken { .init(database: database, world: world, log: log) }
  package var readLog: ReadLog { .init(database: database) }
  package var ledgerStatus: ReadLedger { .init(configuration: configuration, database: database) }
  package var importLedger: ImportLedger { .init(configuration: configuration, database: database, world: world) }
  package var price: PriceMonth { .init(configuration: configuration, world: world) }
  package var verifyClosings: VerifyClosings { .init(database: database) }
  package var closings: ListClosings { .init(configuration: configuration, database: database) }
  package var canonicalText: ShowClosing { .init(database: database) }
  package var reopen: ReopenMonth { .init(configuration: configuration, database: database, world: world, log: log) }
  package var invoices: ListInvoices { .init(database: database) }
  package var invoice: ShowInvoice { .init(database: database) }
  package var setVoid: VoidInvoice { .init(database: database, world: world, log: log) }
  package var importInvoices: ImportInvoices {
    .init(configuration: configuration, database: database, world: world, log: log)
  }
  package var proposeMapping: ProposeMapping { .init(configuration: configuration) }
  package var exportFocus: ExportFocus { .init(configuration: configuration, database: database, world: world) }
  package var usage: ReadUsage { .init(configuration: configuration, database: database, world: world) }
  package var focus: ReadFocus { .init(configuration: configuration, database: database, world: world) }
  package var exportReadings: ExportReadings { .init(database: database) }
  package var exportUsage: ExportUsage { .init(configuration: configuration, database: database, world: world) }
  package var backtest: Backtest { .init(configuration: configuration, database: database, channels: channels) }
  package var backfill: Backfill { .init(setup: self) }
  package var close: CloseMonth { .init(setup: self) }
  package var collect: CollectUsage { .init(setup: self) }

  /// The month that it is in the billing time zone; nil outside of the vendor's years.
  package var currentMonth: BillingMonth? {
    BillingMonth(containing: world.now(), in: configuration.billingTimeZone)
  }
}
