import ArgumentParser
import FoundationEssentials
import QuotaCore
import QuotaService
import Reports

struct AlertsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "alerts",
    abstract: "List what fires, since when and why; take charge of an alert.",
    discussion: """
      Examples:
        quotawatch alerts
        quotawatch alerts --tag vip --severity critical
        quotawatch alerts acme --rule pages-quota --all --json
        quotawatch alerts ack pages-quota/acme/2026-11/pages/80% --for 2d --note "talking to them"
        quotawatch alerts unack pages-quota/acme/2026-11/pages/80%
      """,
    subcommands: [AlertsListCommand.self, AlertsAckCommand.self, AlertsUnackCommand.self],
    defaultSubcommand: AlertsListCommand.self)
}

struct AlertsListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "List what fires, since when and why.")

  @OptionGroup var common: CommonOptions
  @OptionGroup var choice: OrganizationArguments

  @Option(
    name: .customLong("rule"), help: ArgumentHelp("Only this rule; can be repeated.", valueName: "id"),
    completion: .custom(KnownNames.rules))
  var rules: [String] = []

  @Option(
    name: .customLong("severity"), help: ArgumentHelp("Only this severity; can be repeated.", valueName: "severity"))
  var severities: [Severity] = []

  @Flag(help: "Also list what is resolved or has expired.")
  var all = false

  @Flag(help: "Print the alerts as JSON.")
  var json = false

  func run() async throws {
    let service = try common.service()
    var wanted = ListAlerts.Choice()
    wanted.organizations = try choice.ids(in: service.configuration)
    (wanted.rules, wanted.severities) = (rules, Set(severities))
    let alerts = try await service.alerts(all: all, wanted)
    let dead = try await service.deadLetters()
    let marks = try await service.alertMarks()
    if json {
      let items = alerts.map { AlertOutput($0, dead, marks.marks(of: $0)) }
      Console.standardOutput.printJSON(JSONText.list("alerts", items))
      DeadLetterText(letters: dead).warn(service.world.logger)
      return
    }
    if alerts.isEmpty {
      Console.standardOutput.print((all ? "No alert so far" : "Nothing fires") + (wanted.isPart ? " of that." : "."))
    } else {
      Console.standardOutput.print(AlertTable(alerts, marks: marks.marks, time: try common.time).table)
    }
    for line in DoubtText(doubts: try await service.alerts.doubts(of: wanted.organizations)).lines {
      Console.standardOutput.print(line)
    }
    for line in DeadLetterText(letters: dead, time: try common.time).lines { Console.standardOutput.print(line) }
  }
}

/// Says which figures are not believed, so that nothing that rests on them is listed.
struct DoubtText {
  let doubts: [Doubt]

  /// So many are named.
  private static let named = 5

  var lines: [String] {
    let more = doubts.count - Self.named
    return doubts.prefix(Self.named).map { doubt in
      let metric = doubt.suspect.metric
      return
        "In doubt: \(doubt.latest.counters[metric].grouped) \(metric.rawValue) of \(doubt.organization) in \(doubt.month) "
        + "(\(doubt.earlier)); what rests on it waits."
    } + (more > 0 ? ["In doubt, too: \(more.counted("further figure"))."] : [])
  }
}

struct AlertsAckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ack",
    abstract: "Say that you take care of a firing alert.",
    discussion: """
      No reminders are sent while an acknowledgement lasts, and PagerDuty and Opsgenie are told. It ends with the alert, \
      or after --for: what then still fires is told again, once. A higher level is told in any case.

      Examples:
        quotawatch alerts ack pages-quota/acme/2026-11/pages/80%
        quotawatch alerts ack pages-quota/acme/2026-11/pages          every level of it that fires
        quotawatch alerts ack dead-key/acme --for 2d --note "new key is ordered"
      """)

  @OptionGroup var common: CommonOptions

  @Argument(help: "The alert, as `quotawatch alerts` shows it.")
  var id: String

  @Option(
    name: .customLong("for"),
    help: ArgumentHelp("For how long, such as 6h or 2d; until it ends without.", valueName: "time"),
    transform: TimeSpan.parse)
  var span: TimeSpan?

  @Option(help: "What to tell the others.")
  var note: String?

  @Option(help: "Who takes care of it; you without.")
  var by: String?

  @Flag(help: "Print the alerts as JSON.")
  var json = false

  func run() async throws {
    let service = try common.service()
    let by = by ?? ThisProcess.userName
    let alerts = try await ThisProcess.interruptible { [id, span, note] in
      try await service.acknowledge(id, by: by, for: span, note: note, budget: 10)
    }
    if json {
      Console.standardOutput.printJSON(JSONText.list("alerts", alerts.map { AlertOutput($0, [], [.acknowledged]) }))
    } else {
      let time = try common.time
      for alert in alerts {
        let until = alert.acknowledgement?.until.map { "until \(time($0))" } ?? "until it ends"
        Console.standardOutput.print("\(alert.key): acknowledged by \(by) \(until)")
      }
    }
  }
}

struct AlertsUnackCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unack",
    abstract: "Take an acknowledgement back: what still fires is told again by the next run, once.")

  @OptionGroup var common: CommonOptions

  @Argument(help: "The alert, as `quotawatch alerts` shows it.")
  var id: String

  func run() async throws {
    let service = try common.service()
    let alerts = try await ThisProcess.interruptible { [id] in try await service.acknowledge.undo(id) }
    for alert in alerts { Console.standardOutput.print("\(alert.key): not acknowledged any more") }
  }
}

/// Alerts as an aligned table: a line for each subject, with all its levels that are in the same state.
struct AlertTable {
  private(set) var table = TextTable([
    .init("STATE"), .init("SEVERITY", rank: 2), .init("ALERT"), .init("LEVELS", rank: 1), .init("SINCE", rank: 3),
    .init("WHY", widths: 16 ... .max, rank: 4),
  ])

  /// What one line says.
  private struct Line: Hashable {
    let subject: String
    let state: String
  }

  init(_ alerts: [Alert], marks: (Alert) -> [AlertMark] = { _ in [] }, time: ReaderTime = .utc) {
    var order: [Line] = []
    var levels: [Line: [Alert]] = [:]
    for alert in alerts {
      let line = Line(subject: alert.key.subject, state: Self.state(alert, marks(alert)))
      if levels[line] == nil { order.append(line) }
      levels[line, default: []].append(alert)
    }
    for line in order {
      guard let alerts = levels[line], let highest = alerts.max(by: { Self.height($0) < Self.height($1) }) else {
        continue
      }
      let since = highest.status == .firing ? highest.firedAt : highest.pending?.since ?? highest.changedAt
      let words = alerts.sorted { Self.height($0) < Self.height($1) }.compactMap { $0.key.level?.grouped }
      table.add([
        .init(line.state, color: Self.color(highest)), .init(highest.severity.rawValue), .init(line.subject),
        .init(words.joined(separator: ", ")), .init(time(since)), .init(time(in: Self.reason(highest, marks(highest)))),
      ])
    }
  }

  private static func height(_ alert: Alert) -> Int64 { alert.evidence.threshold ?? 0 }

  private static func state(_ alert: Alert, _ marks: [AlertMark]) -> String {
    marks.isEmpty ? alert.status.rawValue : marks.map(\.rawValue).joined(separator: ", ")
  }

  private static func color(_ alert: Alert) -> TextTable.Color {
    switch alert.status {
    case .firing: alert.severity == .critical ? .red : .yellow
    case .pending: .yellow
    case .resolved, .expired, .retired: .dim
    }
  }

  private static func reason(_ alert: Alert, _ marks: [AlertMark]) -> String {
    guard marks.contains(.acknowledged), let acknowledgement = alert.acknowledgement else { return alert.reason }
    let note = acknowledgement.note.map { ": \($0)" } ?? ""
    return "\(alert.reason) (\(acknowledgement.by)\(note))"
  }
}

extension Severity: ExpressibleByArgument {}
