import ArgumentParser
import QuotaCore
import QuotaService

struct LedgerPollCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "poll",
    abstract: "Ask for every execution of the ledger that has not ended.",
    discussion: """
      `collect` does this, too, for those whose turn it is. An execution that has not ended "ledger.give_up_after" its
      request is no longer asked for.

      Examples:
        quotawatch ledger poll
        quotawatch ledger poll --only acme --wait --timeout 1h
      """)

  @OptionGroup var common: CommonOptions

  @Option(parsing: .upToNextOption, help: "Only these organizations.")
  var only: [String] = []

  @Flag(help: "Ask until all have ended.")
  var wait = false

  @Option(help: "How long to go on at the most, such as 90s or 10m.")
  var timeout: TimeSpan = .minutes(30)

  @Flag(help: "Print JSON: one object a line for each execution, the last line for all.")
  var json = false

  func run() async throws {
    let service = try common.service()
    var options = Service.FollowOptions()
    options.waits = wait
    options.timeout = timeout
    options.news = NewsPrinter(json: json).print
    let only = only
    let report = try await Process.interruptible { [options] in
      try await service.pollLedger(only: only, options)
    }
    if json {
      Console.standardOutput.print(JSONText.line(FollowOutput(report)))
    } else {
      Console.standardOutput.print(
        "Asked for \(report.asked) executions: \(report.succeeded) ended well, \(report.failed) failed, \(report.open) open, \(report.givenUp) given up."
      )
    }
    let status = wait ? report.statusAfterWaiting : report.status
    // Executions that failed are what the ledger is for; they are no failure of asking.
    if status != .executionFailed { try status.orExit() }
  }
}
