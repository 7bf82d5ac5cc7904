import ArgumentParser
import FoundationEssentials
import QuotaCore
import QuotaService
import Reports

struct NotifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "notify",
    abstract: "Test channels, and see and repeat deliveries.",
    subcommands: [
      NotifyTestCommand.self, NotifyPreviewCommand.self, NotifyListCommand.self, NotifyRetryCommand.self,
      NotifyDismissCommand.self,
    ])
}

struct NotifyTestCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test",
    abstract: "Send a marked test message and say what the other side answered.",
    discussion: """
      A channel that was disabled, since its other side takes nothing any more, is enabled when the message arrives.

      Examples:
        quotawatch notify test
        quotawatch notify test ops-slack finance-mail
      """)

  @OptionGroup var common: CommonOptions

  @Argument(help: "The notifiers; all without any.", completion: .custom(KnownNames.notifiers))
  var names: [String] = []

  func run() async throws {
    let results = try await common.service().notifyTest(names)
    for result in results { Console.standardOutput.print("\(result.notifier): \(result.outcome.words)") }
    if results.isEmpty { Console.standardOutput.print("No notifier is configured.") }
    guard results.allSatisfy(\.outcome.isDelivered) else { throw ExitCodeError(status: .undelivered) }
  }
}

struct NotifyListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the notifiers, and the deliveries that are pending or dead.")

  @OptionGroup var common: CommonOptions

  @Flag(help: "Only what was given up, with what was dismissed.")
  var dead = false

  @Flag(help: "Print the list as JSON.")
  var json = false

  func run() async throws {
    let time = try common.time
    let (notifiers, deliveries) = try await common.service().notifyList(dead: dead)
    guard !json else {
      Console.standardOutput.printJSON(JSONText.pretty(NotifyListOutput(notifiers, deliveries)))
      return
    }
    var table = TextTable([
      .init("NOTIFIER", widths: 10...30), .init("TYPE", rank: 1), .init("PENDING", .right), .init("DEAD", .right),
      .init("STATE", widths: 12 ... .max),
    ])
    for notifier in notifiers {
      table.add([
        .init(notifier.id.rawValue), .init(notifier.type), .init(notifier.pending.grouped),
        .init(notifier.dead.grouped),
        Self.state(notifier, time),
      ])
    }
    Console.standardOutput.print(table)
    for notifier in notifiers {
      guard let last = notifier.lastDelivered, let remark = last.remark else { continue }
      Console.standardOutput.print(
        "\(notifier.id): delivered at \(last.lastAttemptAt.map { time($0) } ?? ""), but \(remark)")
    }
    guard !deliveries.isEmpty else { return }
    var open = TextTable([
      .init("MESSAGE", widths: 20 ... .max, keeping: 40), .init("NOTIFIER", widths: 10...30), .init("STATE"),
      .init("ATTEMPTS", .right, rank: 2), .init("SINCE", rank: 1), .init("LAST ANSWER", widths: 12 ... .max),
    ])
    for delivery in deliveries {
      let isDead = delivery.status == .dead
      open.add([
        .init(delivery.message.rawValue), .init(delivery.notifier.rawValue),
        .init(delivery.status.rawValue, color: isDead ? .red : .yellow), .init(delivery.attempts.grouped),
        .init(time(delivery.diedAt ?? delivery.queuedAt)), .init(Self.answer(delivery, time)),
      ])
    }
    Console.standardOutput.print("")
    Console.standardOutput.print(open)
  }

  private static func answer(_ delivery: Delivery, _ time: ReaderTime) -> String {
    let dismissed = delivery.dismissal.map { " (dismissed by \($0.by) at \(time($0.at)))" } ?? ""
    let unusual = delivery.remark.map { " (\($0))" } ?? ""
    return (delivery.lastAnswer ?? "") + unusual + dismissed
  }

  private static func state(_ notifier: ListNotifiers.Status, _ time: ReaderTime) -> TextTable.Cell {
    let health = notifier.health
    if let disabled = health.disabled {
      return .init("disabled since \(time(disabled.since)): \(time(in: disabled.reason))", color: .red)
    }
    guard health.isSick else { return .init("ok", color: .green) }
    let rest = health.restsUntil.map { ", rests until \(time($0))" } ?? ""
    return .init("failing (\(health.failures.grouped) in a row)\(rest)", color: .yellow)
  }
}

struct NotifyRetryCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "retry",
    abstract: "Try undelivered notifications again at once.",
    discussion: """
      Examples:
        quotawatch notify retry --dead
        quotawatch notify retry pages-quota/acme/2026-11/pages/80%/firing/1
      """)

  @OptionGroup var common: CommonOptions

  @Argument(help: "The event, as `notify list` shows it.")
  var event: String?

  @Flag(help: "Every delivery that was given up.")
  var dead = false

  func validate() throws {
    guard (event == nil) == dead else { throw ValidationError("name an event, or give --dead") }
  }

  func run() async throws {
    let service = try common.service()
    let result = try await ThisProcess.interruptible { [event] in
      try await service.notifyRetry(event: event, budget: 10)
    }
    let over =
      result.over == 0 ? "" : "; \(result.over.grouped) put away, since all of it was told as over meanwhile"
    let passedOn =
      result.passedOn == 0 ? "" : "; \(result.passedOn.grouped) passed on to who would hear of it today"
    let stranded =
      result.stranded == 0
      ? ""
      : "; \(result.stranded.grouped) left, of notifiers that are not configured any more: `quotawatch notify dismiss` puts them away"
    let sent =
      result.count.map { count in
        "\(count.delivered.grouped) delivered, \(count.failed.counted("attempt")) failed, \(count.dead.grouped) given up"
      } ?? "a run is active, and sends it or leaves it to the next one"
    Console.standardOutput.print("\(result.queued.grouped) made due\(over)\(passedOn)\(stranded); \(sent).")
    let isUndelivered = result.count.map { $0.failed > 0 || $0.dead > 0 || $0.refusedInPart > 0 } ?? false
    if isUndelivered || result.stranded > 0 { throw ExitCodeError(status: .undelivered) }
  }
}

struct NotifyDismissCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dismiss",
    abstract: "Say of messages that were given up that they need no more attention.",
    discussion: """
      They no longer show in `status`, `alerts` and `collect`, nor in its exit code. `notify list --dead` shows who has \
      dismissed them and when.

      Examples:
        quotawatch notify dismiss --all
        quotawatch notify dismiss pages-quota/acme/2026-11/pages/80%/firing/1
      """)

  @OptionGroup var common: CommonOptions

  @Argument(help: "Messages, as `notify list --dead` shows them, or events that they were to tell.")
  var ids: [String] = []

  @Flag(help: "Every message that was given up.")
  var all = false

  @Option(help: "Who dismisses them; you without.")
  var by: String?

  func validate() throws {
    guard ids.isEmpty == all else { throw ValidationError("name messages, or give --all") }
  }

  func run() async throws {
    let count = try await common.service().dismiss(all ? nil : ids, by: by ?? ThisProcess.userName)
    Console.standardOutput.print("\(count.grouped) dismissed.")
  }
}
