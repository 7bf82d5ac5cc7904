import ArgumentParser
import FoundationEssentials
import QuotaCore
import QuotaService
import Reports

struct BacktestCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backtest",
    abstract: "Replay rules over the stored readings: what would have been sent, when, and to whom.",
    discussion: """
      The engine is that of `collect`; nothing is written or sent. Every month is judged against the configured quota. \
      Failed readings are not stored, so `stale` and `credential` have nothing to say here; neither have `duplicate_key` \
      and the breaker, which compare organizations.

      Examples:
        quotawatch backtest --from 2026-06 --to 2026-11
        quotawatch backtest this-month --with new.json                what a new configuration would change
        quotawatch backtest --from 2026-01 --to 2026-12 --json
      """)

  @OptionGroup var common: CommonOptions

  @OptionGroup var period: MonthArguments

  @Option(
    help: ArgumentHelp("Another configuration to compare with.", valueName: "file"),
    completion: .file(extensions: ["json"]))
  var with: String?

  @Flag(help: "Print the messages as JSON.")
  var json = false

  func run() async throws {
    let service = try common.service(reading: with)
    let other = try with.map { Setup(try Configuration.load(path: $0), world: service.world) }
    let bar = ProgressBar("Replaying", isShown: true)
    let total = service.configuration.organizations.count
    let months = try period.months(in: service)
    var options = Backtest.Options(from: months.lowerBound, to: months.upperBound)
    options.progress = { bar.update($0, of: total) }
    if let other {
      let comparison = try await ThisProcess.interruptible { [options] in
        defer { bar.finish() }
        return try await service.backtest(options, against: other)
      }
      show(comparison, try common.time)
    } else {
      let report = try await ThisProcess.interruptible { [options] in
        defer { bar.finish() }
        return try await service.backtest(options)
      }
      show(report, try common.time)
    }
  }

  private func show(_ report: BacktestReport, _ time: ReaderTime) {
    guard !json else { return Console.standardOutput.printJSON(JSONText.pretty(BacktestOutput(report))) }
    var table = TextTable([
      .init("SENT"), .init("NOTIFIER", widths: 10...30, rank: 1), .init("WHAT", widths: 16 ... .max),
      .init("WHY", widths: 16 ... .max),
    ])
    for message in report.messages {
      for (index, event) in message.events.enumerated() {
        table.add([
          .init(index == 0 ? time(message.sentAt) : ""),
          .init(index == 0 ? message.notifier.rawValue : ""), .init(event.id.rawValue), .init(time(in: event.reason)),
        ])
      }
    }
    if !report.messages.isEmpty {
      Console.standardOutput.print(table)
      Console.standardOutput.print("")
    }
    for line in BacktestSummary(report, time).lines { Console.standardOutput.print(line) }
  }

  private func show(_ comparison: BacktestComparison, _ time: ReaderTime) {
    guard !json else { return Console.standardOutput.printJSON(JSONText.pretty(ComparisonOutput(comparison))) }
    for (mark, entries) in [("-", comparison.onlyBefore), ("+", comparison.onlyAfter)] {
      for notification in entries {
        Console.standardOutput.print(
          "\(mark) \(time(notification.occurredAt)) \(notification.event)"
            + " to \(notification.notifier): \(time(in: notification.reason))")
      }
    }
    let (before, after) = (comparison.before.messages.count, comparison.after.messages.count)
    Console.standardOutput.print(
      "\(comparison.onlyBefore.count.grouped) no longer told, \(comparison.onlyAfter.count.grouped) newly told; \(before.counted("message")) before, "
        + "\(after.grouped) after.")
  }
}

/// The replay in words: how many messages each month would have had.
private struct BacktestSummary {
  let lines: [String]

  init(_ report: BacktestReport, _ time: ReaderTime) {
    let byMonth = Dictionary(grouping: report.messages) { String(time($0.sentAt).prefix(7)) }
    let months = byMonth.sorted { $0.key < $1.key }.map { month, messages in
      "\(month): \(messages.count.counted("message")), \(messages.reduce(0) { $0 + $1.events.count }.counted("event"))"
    }
    lines =
      months + [
        "\(report.readings.counted("reading")) of \(report.organizations.counted("organization")) replayed; \(report.messages.count.counted("message")) would have been sent."
      ]
  }
}

/// The replay as JSON.
private struct BacktestOutput: Encodable {
  struct Entry: Encodable {
    let sentAt: Date
    let notifier: NotifierID
    let occasion: EventGroup.Occasion?
    let events: [Event]
  }

  let startsAt: Date
  let endsAt: Date
  let organizations: Int
  let readings: Int
  let messages: [Entry]

  init(_ report: BacktestReport) {
    startsAt = report.from
    endsAt = report.to
    organizations = report.organizations
    readings = report.readings
    messages = report.messages.map {
      Entry(sentAt: $0.sentAt, notifier: $0.notifier, occasion: $0.occasion, events: $0.events)
    }
  }
}

/// The difference of two replays as JSON.
private struct ComparisonOutput: Encodable {
  struct Entry: Encodable {
    let event: EventID
    let notifier: NotifierID
    let occurredAt: Date
    let reason: String

    init(_ notification: BacktestComparison.Notification) {
      event = notification.event
      notifier = notification.notifier
      occurredAt = notification.occurredAt
      reason = notification.reason
    }
  }

  let messagesBefore: Int
  let messagesAfter: Int
  let removed: [Entry]
  let added: [Entry]

  init(_ comparison: BacktestComparison) {
    messagesBefore = comparison.before.messages.count
    messagesAfter = comparison.after.messages.count
    removed = comparison.onlyBefore.map(Entry.init)
    added = comparison.onlyAfter.map(Entry.init)
  }
}
