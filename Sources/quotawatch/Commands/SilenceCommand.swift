import ArgumentParser
import FoundationEssentials
import QuotaCore
import QuotaService
import Reports

struct SilenceCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "silence",
    abstract: "Hold alerts back for a while.",
    discussion: """
      A silence holds back sending, not judging: at its end, what still fires is told once.

      Examples:
        quotawatch silence add --organization acme --until 2d --reason "load test"
        quotawatch silence add --tag vip --rule pages-quota --until tomorrow --reason "moving house"
        quotawatch silence add --rule silent --until 2026-12-01T08:00:00Z --reason "maintenance of the vendor"
        quotawatch silence list
        quotawatch silence remove 3
      """,
    subcommands: [SilenceAddCommand.self, SilenceListCommand.self, SilenceRemoveCommand.self])
}

struct SilenceAddCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "add", abstract: "Begin a silence now.")

  @OptionGroup var common: CommonOptions

  @OptionGroup var choice: OrganizationArguments

  @Option(help: "Only this rule.", completion: .custom(KnownNames.rules))
  var rule: String?

  @Option(
    help: ArgumentHelp(
      "Its end: a length of time such as 6h or 2d, a moment such as 2026-12-01T08:00:00Z, a day or tomorrow.",
      valueName: "time"), transform: TimeArgument.parseComing)
  var until: TimeArgument

  @Option(help: "Why, for the others.")
  var reason: String

  @Option(help: "Who begins it; you without.")
  var by: String?

  @Flag(help: "Print the silence as JSON.")
  var json = false

  func run() async throws {
    let service = try common.service()
    let organizations = try choice.ids(in: service.configuration)
    guard !organizations.isEmpty || rule != nil else {
      throw ValidationError("name an --organization, a --tag or --plan, a --rule, or several of them")
    }
    let request = AddSilence.Request(
      organizations: organizations, rule: rule, until: until.moment(in: service), reason: reason,
      createdBy: by ?? ThisProcess.userName)
    let silences = try await ThisProcess.interruptible { try await service.addSilence(request) }
    guard !json else {
      Console.standardOutput.printJSON(JSONText.list("silences", silences.map(SilenceOutput.init)))
      return
    }
    let time = try common.time
    for silence in silences {
      let whose = silence.organization.map { " of \($0)" } ?? ""
      Console.standardOutput.print("silence \(silence.id)\(whose) lasts until \(time(silence.until))")
    }
  }
}

struct SilenceListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "List the silences that last.")

  @OptionGroup var common: CommonOptions

  @Flag(help: "Also list those that have ended.")
  var all = false

  @Flag(help: "Print the silences as JSON.")
  var json = false

  func run() async throws {
    let time = try common.time
    let silences = try await common.service().silences(all: all)
    guard !json else {
      Console.standardOutput.printJSON(JSONText.list("silences", silences.map(SilenceOutput.init)))
      return
    }
    guard !silences.isEmpty else {
      Console.standardOutput.print(all ? "No silence so far." : "Nothing is silenced.")
      return
    }
    var table = TextTable([
      .init("ID", .right), .init("ORGANIZATION", widths: 10...30, keeping: 20), .init("RULE", widths: 10...30),
      .init("FROM", rank: 2), .init("UNTIL"), .init("BY", widths: 8...20, rank: 1),
      .init("REASON", widths: 10 ... .max),
    ])
    for silence in silences {
      table.add([
        "\(silence.id)", .init(silence.organization?.rawValue ?? "every"), .init(silence.rule?.rawValue ?? "every"),
        .init(time(silence.from)), .init(time(silence.until)),
        .init(silence.createdBy),
        .init(silence.reason + (silence.ended.map { " (ended \(time($0.at)) by \($0.by))" } ?? "")),
      ])
    }
    Console.standardOutput.print(table)
  }
}

struct SilenceRemoveCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove",
    abstract: "End a silence, which stays on record: what still fires is told by the next run.")

  @OptionGroup var common: CommonOptions

  @Argument(help: "Its number, as `silence list` shows it.")
  var id: Int64

  @Option(help: "Who ends it; you without.")
  var by: String?

  func run() async throws {
    let service = try common.service()
    let by = by ?? ThisProcess.userName
    try await ThisProcess.interruptible { [id] in try await service.removeSilence(id, by: by) }
    Console.standardOutput.print("silence \(id) has ended; what still fires is told by the next run")
  }
}
