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

  @Option(help: "csv or jsonl; without it a table on a terminal, and csv elsewhere.")
  var format: ReportFormat?

  @Option(name: [.short, .long], help: "The file to write; standard output without it.", completion: .file())
  var output: String?

  func run() async throws {
    guard from <= to ?? from else { throw ValidationError("--from \(from) is later than --to \(to ?? from)") }
    let (months, service) = (from...(to ?? from), try common.service())
    let isShown = format == nil && output == nil && Console.standardOutput.isTerminal
    let count = try await isShown ? show(months, service) : write(months, service)
    if count == 0 { throw ExitCode.nothingKnown(of: organization, months) }
  }

  private func show(_ months: ClosedRange<BillingMonth>, _ service: Setup) async throws -> Int {
    let found = try await service.usage(months, organization: organization)
    let console = Console.standardOutput
    if !found.isEmpty { console.write(UsageScreen(found).render(colored: console.usesColour, width: console.columns)) }
    return found.count
  }

  private func write(_ months: ClosedRange<BillingMonth>, _ service: Setup) async throws -> Int {
    try await service.exportUsage(
      months, organization: organization, format: format ?? .csv,
      to: output.map { .file(path: $0) } ?? .standardOutput)
  }
}

extension ReportFormat: ExpressibleByArgument {}
