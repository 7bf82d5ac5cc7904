import ArgumentParser
import FoundationEssentials
import Logging
import QuotaCore
import QuotaService

struct CollectCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "collect",
    abstract: "Poll every organization, store, judge, and notify; then exit.",
    discussion: """
      Examples:
        quotawatch collect
        quotawatch collect acme globex
        quotawatch collect --dry-run          polls, judges and prints; writes and sends nothing
        */10 * * * * quotawatch collect --quiet
      """)

  @OptionGroup var common: CommonOptions

  @OptionGroup var choice: OrganizationArguments

  @Flag(help: "Poll, judge and print; write and send nothing.")
  var dryRun = false

  @Flag(help: "Print the run as JSON.")
  var json = false

  @Flag(help: "Print errors, and of warnings only what has changed since the run before.")
  var quiet = false

  @Option(
    help: ArgumentHelp(
      "How long to send notifications, retries included, after everybody was read, such as 10s or 5m; 30s without.",
      valueName: "time"), transform: TimeSpan.parse)
  var deliveryBudget: TimeSpan = .seconds(30)

  func run() async throws {
    ThisProcess.keepLargeArraysApart()
    let service = try common.service()
    let bar = ProgressBar("Polling", isShown: !quiet)
    let only = try choice.ids(in: service.configuration)
    let total = only.isEmpty ? service.configuration.organizations.count : only.count
    var options = CollectUsage.Options()
    options.only = only
    options.dryRun = dryRun
    options.tellsOnlyNews = quiet
    options.listsOrganizations = json || dryRun || common.logLevel <= .debug
    options.deliveryBudget = Double(deliveryBudget.seconds)
    options.progress = { bar.update($0, of: total) }
    let report = try await ThisProcess.interruptible { [options] in
      defer { bar.finish() }
      return try await service.collect(options)
    }
    let summary = CollectSummary(report, onlyNews: quiet)
    var logger = service.world.logger
    if quiet || json { DeadLetterText(letters: summary.deadLetters).warn(logger) }
    for line in summary.warnings { logger.warning("\(line)") }
    if common.logLevel <= .debug { for line in summary.readings { logger.debug("\(line)") } }
    if quiet || json { for line in summary.totals { logger.info("\(line)") } }
    if quiet, let recovery = summary.recovery {
      // Whoever was warned of it hears that it is over.
      logger.logLevel = min(logger.logLevel, .notice)
      logger.notice("\(recovery)")
    }
    if json {
      Console.standardOutput.printJSON(JSONText.pretty(CollectOutput(report)))
    } else if !quiet {
      for line in CollectSummary(report, time: try common.time).lines { Console.standardOutput.print(line) }
    }
    try report.status.orExit()
  }
}

/// The run as JSON.
private struct CollectOutput: Encodable {
  struct Entry: Encodable {
    let id: String
    let month: BillingMonth?
    let pages: Int64?
    let conversions: Int64?
    let observedAt: Date?
    let failureReason: String?
    let failureMessage: String?
    let missingMonths: [BillingMonth]
  }

  private enum Key: CodingKey {
    case dryRun, organizations, events, executions, deadLetters
  }

  let run: RunOutput
  let dryRun: Bool
  let organizations: [Entry]
  let events: [Event]
  let executions: FollowOutput
  let deadLetters: [DeadLetterOutput]

  init(_ report: CollectReport) {
    deadLetters = report.deadLetters.map(DeadLetterOutput.init)
    run = RunOutput(report)
    dryRun = report.dryRun
    events = report.events
    executions = FollowOutput(report.executions)
    organizations = report.entries.map {
      Entry(
        id: $0.organization.rawValue, month: $0.reading?.month, pages: $0.reading?.counters.pages,
        conversions: $0.reading?.counters.conversions, observedAt: $0.reading?.observedAt,
        failureReason: $0.failure?.reason.rawValue, failureMessage: $0.failure?.message,
        missingMonths: $0.missingMonths)
    }
  }
  func encode(to encoder: any Encoder) throws {
    try run.encode(to: encoder)
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(dryRun, forKey: .dryRun)
    try container.encode(organizations, forKey: .organizations)
    try container.encode(events, forKey: .events)
    try container.encode(executions, forKey: .executions)
    try container.encode(deadLetters, forKey: .deadLetters)
  }
}
