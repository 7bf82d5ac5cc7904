import ArgumentParser
import QuotaCore
import QuotaService
import Reports

struct ReportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Export what was stored.",
    subcommands: [UsageReportCommand.self, ReconciliationReportCommand.self, FocusReportCommand.self])
}

struct UsageReportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "usage",
    abstract: "What the vendor counted: a row for each organization, month and metric.",
    discussion: """
      The same data give the same bytes. With -o the file is replaced as a whole, or left as it is.

      Examples:
        quotawatch report usage --from 2026-01 --to 2026-11 -o usage.csv
        quotawatch report usage --from 2026-11 --organization acme --format jsonl
      """)

  @OptionGroup var common: CommonOptions

  @Option(help: "The first month, such as 2026-01.")
  var from: BillingMonth

  @Option(help: "The last month; by default the first.")
  var to: BillingMonth?

  @Option(help: ArgumentHelp("Only this organization.", valueName: "id"))
  var organization: String?

  @Option(help: "csv or jsonl.")
  var format: ReportFormat = .csv

  @Option(name: [.short, .long], help: "The file to write; standard output without it.", completion: .file())
  var output: String?

  func run() async throws {
    guard from <= to ?? from else { throw ValidationError("--from \(from) is later than --to \(to ?? from)") }
    let count = try await common.service().exportUsage(
      from...(to ?? from), organization: organization, format: format,
      to: output.map { .file(path: $0) } ?? .standardOutput)
    if count == 0 { throw ExitCode.nothingKnown(of: organization, from...(to ?? from)) }
  }
}

extension ReportFormat: ExpressibleByArgument {}
