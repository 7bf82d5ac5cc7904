import ArgumentParser
import QuotaCore
import QuotaService

struct ReopenCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reopen",
    abstract: "Open a closed month again, with a reason that is recorded.",
    discussion: """
      The closing stays in the journal. The month's figures are then the latest reading again, until it is closed anew.

      Example:
        quotawatch reopen 2026-10 --organization acme --reason 'the vendor corrected October on request'
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var actor: ActorOption

  @Argument(
    help: "The month: 2026-10 or last-month.", completion: MonthArgument.completion, transform: MonthArgument.parse)
  var month: MonthArgument

  @OptionGroup var choice: OrganizationFilter

  @Option(help: "Why.")
  var reason: String

  func validate() throws {
    try ActorOption.check(reason, "--reason")
  }

  func run() async throws {
    let service = try common.service()
    let month = try month.month(in: service)
    let added = try await service.reopen(
      month, organizations: try choice.ids(in: service.configuration), reason: reason, by: actor.name)
    let count = added.count.counted("organization")
    Console.standardOutput.print("Opened \(month) again for \(count).")
    if let last = added.last {
      Console.standardOutput.print("Head of the journal: closing \(last.sequence), \(last.hash)")
    }
  }
}
