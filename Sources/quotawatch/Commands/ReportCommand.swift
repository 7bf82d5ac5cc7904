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
        quotawatch report usage last-month --organization acme --format jsonl
      """)

  @OptionGroup var common: CommonOptions

  @OptionGroup var period: MonthArguments
  @OptionGroup var choice: OrganizationFilter

  @Option(help: "csv or jsonl; without it by the name of the file, a table on a terminal, or csv.")
  var format: ReportFormat?

  @Option(name: [.short, .long], help: "The file to write; standard output without it.", completion: .file())
  var output: String?

  func run() async throws {
    let written = try format ?? .named(byFile: output) ?? .csv
    let service = try common.service()
    let (months, ids) = (try period.months(in: service), try choice.ids(in: service.configuration))
    let isShown = format == nil && output == nil && Console.standardOutput.isTerminal
    let count = try await isShown ? show(months, ids, service) : write(months, ids, written, service)
    if count == 0 { throw ExitCode.nothingKnown(of: ids, months) }
  }

  private func show(_ months: ClosedRange<BillingMonth>, _ ids: [String], _ service: Setup) async throws -> Int {
    let found = try await service.usage(months, organizations: ids)
    let console = Console.standardOutput
    if !found.isEmpty { console.print(UsageScreen(found, time: try common.time).table) }
    return found.count
  }

  private func write(
    _ months: ClosedRange<BillingMonth>, _ ids: [String], _ format: ReportFormat, _ service: Setup
  ) async throws -> Int {
    try await service.exportUsage(
      months, organizations: ids, format: format, to: service.destination(output))
  }
}

extension ReportFormat: ExpressibleByArgument {}
