import ArgumentParser
import QuotaService

struct LedgerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ledger",
    abstract: "Our own count of executions, to hold against the vendor's and the invoice.",
    discussion: """
      It learns of executions from `steps run`, from files of your own software, from the vendor's webhooks and from \
      the vendor's answers. Hearing of an execution again adds nothing; an end that is known stays. docs/ledger.md has \
      recipes.
      """,
    subcommands: [LedgerStatusCommand.self, LedgerImportCommand.self, LedgerPollCommand.self, LedgerListenCommand.self])
}
