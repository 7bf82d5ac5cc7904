import ArgumentParser
import QuotaCore
import QuotaService

struct InvoiceMapCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "map",
    abstract: "Propose a mapping for a file of invoices.",
    discussion: """
      Reads the header and the first rows, and writes a mapping file to standard output or to a new file, with the reason for \
      each guess on standard error. What cannot be told is marked with "?", which no import takes: complete it, and look at \
      what `invoice import --dry-run` makes of it.

      Examples:
        quotawatch invoice map rechnung.csv -o mapping.json
        quotawatch invoice map october.xlsx --sheet Lines
      """)

  @OptionGroup var common: CommonOptions

  @Argument(help: "The file; - reads standard input.", completion: .file())
  var file: String

  @Option(help: "The sheet of a workbook; its first without.")
  var sheet: String?

  @Option(name: [.short, .long], help: "The mapping file to write; standard output without it.", completion: .file())
  var output: String?

  func run() async throws {
    let proposal = try common.service(reading: file).proposeMapping(file, sheet: sheet, to: output)
    if output == nil { Console.standardOutput.printJSON(proposal.mapping.indented()) }
    for reason in proposal.reasons { Console.standardError.print(reason) }
    if proposal.isAmbiguous {
      Console.standardError.print("what is marked with ? is to be completed before the file can be imported")
    }
  }
}
