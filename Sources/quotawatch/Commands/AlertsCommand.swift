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
        quotawatch alerts --all --json
        quotawatch alerts ack pages-quota/acme/2026-11/pages/80% --for 2d --note "talking to them"
        quotawatch alerts unack pages-quota/acme/2026-11/pages/80%
      """,
    subcommands: [AlertsListCommand.self, AlertsAckCommand.self, AlertsUnackCommand.self],
    defaultSubcommand: AlertsListCommand.self)
}

struct AlertsListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "List what fires, since when and why.")

  @OptionGroup var common: CommonOptions

  @Flag(help: "Also list what is resolved or has expired.")
  var all = false

  @Flag(help: "Print the alerts as JSON.")
  var json = false

  func run() async throws {
    let service = try common.service()
    let alerts = try await service.alerts(all: all)
    let dead = try await service.deadLetters()
    let marks = try await service.alertMarks()
    if json {
      let items = alerts.map { AlertOutput($0, dead, marks.marks(of: $0)) }
      Console.standardOutput.printJSON(JSONText.list("alerts", items))
      DeadLetterText(letters: dead).warn()
      return
    }
    if alerts.isEmpty {
      Console.standardOutput.print(all ? "No alert so far." : "Nothing fires.")
    } else {
      Console.standardOutput.write(
        AlertTable(alerts, marks: marks.marks).render(colored: Console.standardOutput.usesColour))
    }
    for line in DeadLetterText(letters: dead).lines { Console.standardOutput.print(line) }
  }
}

struct AlertsAckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ack",
    abstract: "Say that you take care of a firing alert.",
    discussion: """
      No reminders are sent while an acknowledgement lasts, and PagerDuty and Opsgenie are told. It ends with the alert,
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
    help: ArgumentHelp("For how long, such as 6h or 2d; until it ends without.", valueName: "time"))
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
      for alert in alerts {
        let until = alert.acknowledgement?.until.map { "until \($0.minute)" } ?? "until it ends"
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

/// Alerts as an aligned table.
struct AlertTable {
  private var table = TextTable([
    .init("STATE"), .init("SEVERITY"), .init("ALERT"), .init("SINCE"), .init("WHY"),
  ])

  init(_ alerts: [Alert], marks: (Alert) -> [AlertMark] = { _ in [] }) {
    for alert in alerts {
      let marks = marks(alert)
      let since = alert.status == .firing ? alert.firedAt : alert.pending?.since ?? alert.changedAt
      table.add([
        .init(Self.state(alert, marks), color: Self.color(alert.status)), .init(alert.severity.rawValue),
        .init(alert.key.description), .init(since.minute), .init(Self.reason(alert, marks)),
      ])
    }
  }

  private static func state(_ alert: Alert, _ marks: [AlertMark]) -> String {
    if !marks.isEmpty { return marks.map(\.rawValue).joined(separator: ", ") }
    return alert.status == .firing && alert.flapping?.lastHeldAt != nil ? "flapping" : alert.status.rawValue
  }

  private static func color(_ status: Alert.Status) -> TextTable.Color {
    switch status {
    case .firing: .red
    case .pending: .yellow
    case .resolved, .expired, .retired: .dim
    }
  }

  private static func reason(_ alert: Alert, _ marks: [AlertMark]) -> String {
    guard marks.contains(.acknowledged), let acknowledgement = alert.acknowledgement else { return alert.reason }
    let note = acknowledgement.note.map { ": \($0)" } ?? ""
    return "\(alert.reason) (\(acknowledgement.by)\(note))"
  }

  func render(colored: Bool) -> String { table.render(colored: colored) }
}
