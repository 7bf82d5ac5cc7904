import ArgumentParser
import QuotaCore
import QuotaService

struct InvoiceCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "invoice",
    abstract: "Import the vendor's invoices, and look at what was understood of them.",
    subcommands: [
      InvoiceImportCommand.self, InvoiceMapCommand.self, InvoiceListCommand.self, InvoiceShowCommand.self,
      InvoiceVoidCommand.self,
    ])
}

struct InvoiceVoidCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "void",
    abstract: "Mark an invoice as void: it claims nothing any more.",
    discussion: """
      Examples:
        quotawatch invoice void INV-1042 --reason 'replaced by INV-1050'
        quotawatch invoice void INV-1042 --undo
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var actor: ActorOption

  @Argument(help: "The invoice's id.")
  var id: String

  @Option(help: "Why.")
  var reason: String?

  @Flag(help: "Make a void invoice valid again.")
  var undo = false

  func validate() throws {
    guard (reason == nil) == undo else { throw ValidationError("give either --reason or --undo") }
    if let reason { try ActorOption.check(reason, "--reason") }
  }

  func run() async throws {
    try await common.service().setVoid(id, reason: reason, by: actor.name)
    Console.standardOutput.print("Invoice \(id) is \(undo ? "valid again" : "void").")
  }
}
