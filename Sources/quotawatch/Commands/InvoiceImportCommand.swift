import ArgumentParser
import Logging
import QuotaCore
import QuotaService
import Reports

struct InvoiceImportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Read the lines of invoices from CSV, JSON or a workbook (.xlsx).",
    discussion: """
      Importing a file again changes nothing. A line that says something else becomes a new version; the old one is kept. \
      Either all of a file is stored or nothing. The mapping says how its columns are to be read: plain (our own names), \
      stripe, or a file of your own; see docs/invoices.md.

      Examples:
        quotawatch invoice import october.csv --dry-run
        quotawatch invoice import october.csv --map mapping.json
        quotawatch invoice import october.xlsx --sheet Lines --map mapping.json
        quotawatch invoice import invoices.json --map stripe
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var actor: ActorOption

  @Argument(help: "The file; - reads standard input.", completion: .file())
  var file: String

  @Option(
    help: ArgumentHelp("plain, stripe, or a mapping file.", valueName: "mapping"),
    completion: .file(extensions: ["json"]))
  var map = InvoiceMapping.Ready.plain.rawValue

  @Option(help: "The sheet of a workbook; its first without.")
  var sheet: String?

  @Flag(help: "Show how each column is read; store nothing.")
  var dryRun = false

  @Flag(help: "Withdraw the lines that the file's invoices had and the file does not have.")
  var replace = false

  @Flag(help: "Print the result as JSON.")
  var json = false

  func run() async throws {
    ThisProcess.resizeHeapsSeldom()
    var options = ImportInvoices.Options(path: file, by: actor.name)
    options.mapping = map
    options.sheet = sheet
    options.dryRun = dryRun
    options.replaces = replace
    let service = try common.service(reading: file)
    let report = try await service.importInvoices(options)
    guard !json else {
      Console.standardOutput.printJSON(JSONText.pretty(InvoiceImportOutput(report, dryRun: dryRun)))
      return
    }
    if dryRun { showReading(report) }
    tell(report, service.world.logger)
  }

  private func showReading(_ report: ImportInvoices.Report) {
    var fields = TextTable([.init("FIELD"), .init("COLUMN", widths: 12...40), .init("FIRST VALUE", widths: 12...60)])
    for field in report.fields {
      fields.add([.init(field.name), .init(field.source), .init(field.example ?? "–")])
    }
    Console.standardOutput.print(fields)
    Console.standardOutput.print("")
    Console.standardOutput.print(InvoiceLineTable(Array(report.lines.prefix(20))).table)
    if report.lineCount > 20 { Console.standardOutput.print("and \((report.lineCount - 20).counted("more line"))") }
    Console.standardOutput.print("")
  }

  private func tell(_ report: ImportInvoices.Report, _ logger: Logger) {
    Console.standardOutput.print("\(dryRun ? "Would import" : "Imported") \(report.words).")
    for warning in report.warnings { logger.warning("\(warning)") }
    for line in report.missing.prefix(20) {
      logger.warning(
        "line \(line.key.line) of invoice \(line.key.invoice) (\(Money(line.content.amount, line.content.currency))) is not in this file and still counts; --replace withdraws it"
      )
    }
    if report.missingCount > 20 {
      logger.warning(
        "and \((report.missingCount - 20).counted("more line")) not in this file")
    }
    for line in report.unknown.prefix(20) {
      logger.warning(
        "unknown_line: invoice \(line.key.invoice), line \(line.key.line): \(line.content.unknownBecause ?? "")"
      )
    }
    if report.unknownCount > 20 {
      logger.warning("and \((report.unknownCount - 20).counted("more unknown line"))")
    }
  }
}
