import ArgumentParser
import QuotaCore
import QuotaService

struct LedgerPollCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "poll",
    abstract: "Ask for every execution of the ledger that has not ended.",
    discussion: """
      `collect` does this, too, for those whose turn it is. An execution that has not ended "ledger.give_up_after" its \
      request is no longer asked for.

      Examples:
        quotawatch ledger poll
        quotawatch ledger poll acme --wait --timeout 1h
      """)

  @OptionGroup var common: CommonOptions

  @OptionGroup var choice: OrganizationArguments

  @OptionGroup var following: FollowArguments

  func run() async throws {
    let service = try common.service()
    let options = following.options(try common.time)
    let only = try choice.ids(in: service.configuration)
    let report = try await ThisProcess.interruptible {
      try await service.pollLedger(only: only, options)
    }
    if following.json {
      Console.standardOutput.printJSON(JSONText.line(FollowOutput(report)))
    } else {
      Console.standardOutput.print(
        "Asked for \(report.asked.counted("execution")): \(report.succeeded.grouped) ended well, \(report.failed.grouped) failed, \(report.open.grouped) open, \(report.givenUp.grouped) given up."
      )
    }
    let status = following.wait ? report.statusAfterWaiting : report.status
    // Executions that failed are what the ledger is for; they are no failure of asking.
    if status != .executionFailed { try status.orExit() }
  }
}
