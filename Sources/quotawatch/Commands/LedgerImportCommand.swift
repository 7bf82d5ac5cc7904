import ArgumentParser
import Logging
import QuotaCore
import QuotaService

struct LedgerImportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Take executions from a CSV or JSON Lines file: all of them, or none if a row is wrong.",
    discussion: """
      Columns: organization, kind (step, conversion, identification), id, status, requested_at, and optionally pages and \
      ended_at; "ledger.import" of the configuration maps other names. Other columns are not looked at. Importing a file \
      again adds nothing.

      Examples:
        quotawatch ledger import executions.csv
        zcat log.jsonl.gz | quotawatch ledger import - --organization acme --kind conversion
      """)

  @OptionGroup var common: CommonOptions

  @Argument(help: "The file, or - for standard input.", completion: .file(extensions: ["csv", "jsonl"]))
  var file: String

  @Option(help: "csv or jsonl; by default told by the first character.")
  var format: LedgerImport.Format?

  @Option(help: "The organization of rows that name none.", completion: .custom(KnownNames.organizations))
  var organization: String?

  @Option(help: "The kind of rows that name none.")
  var kind: ExecutionKind?

  @Flag(help: "Print what was done as JSON.")
  var json = false

  func run() async throws {
    ThisProcess.resizeHeapsSeldom()
    let service = try common.service(reading: file)
    var options = ImportLedger.Options(path: file)
    options.format = format
    options.organization = organization
    options.kind = kind
    let report = try await service.importLedger(options)
    if let line = report.firstInFuture {
      let rows = "\(report.inFuture.counted("row")) \(report.inFuture == 1 ? "has" : "have")"
      service.world.logger.warning(
        "\(rows) a time that lies more than a day in the future, first in line \(line.grouped)")
    }
    if json {
      Console.standardOutput.printJSON(JSONText.pretty(report))
    } else {
      Console.standardOutput.print(
        "Read \(report.rows.counted("row")): \(report.added.counted("new execution")), \(report.changed.grouped) with news, \(report.unchanged.grouped) known already."
      )
    }
  }
}

extension LedgerImport.Format: ExpressibleByArgument {}
