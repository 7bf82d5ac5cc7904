import ArgumentParser
import QuotaCore
import QuotaService
import Reports

struct FocusReportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "focus",
    abstract: "What the plans say that months cost, as FOCUS: a row for each tier.",
    discussion: """
      Writes the Cost and Usage dataset of the FinOps Open Cost and Usage Specification as CSV. The billed costs of a \
      month's rows add up to the plan's total exactly; on a terminal they are shown as a table. With -o the file is replaced as a whole, or left as it is.

      Examples:
        quotawatch report focus 2026-10 --focus-version 1.2 -o focus.csv
        quotawatch report focus --from 2026-01 --to 2026-10 --focus-version 1.4 --organization acme
      """)

  @OptionGroup var common: CommonOptions

  @OptionGroup var period: MonthArguments
  @OptionGroup var choice: OrganizationFilter

  @Option(help: "The version of FOCUS: 1.2 or 1.4.")
  var focusVersion: FocusVersion

  @Option(name: [.short, .long], help: "The file to write; standard output without it.", completion: .file())
  var output: String?

  /// What FOCUS is written as.
  private enum Format: String, FileFormat { case csv }

  func run() async throws {
    _ = try Format.named(byFile: output)
    let service = try common.service()
    let (months, ids) = (try period.months(in: service), try choice.ids(in: service.configuration))
    let isShown = output == nil && Console.standardOutput.isTerminal
    let omissions = try await isShown ? show(months, ids, service) : write(months, ids, service)
    for note in omissions.notes { Console.standardError.print("note: \(note)") }
    if omissions.isNothingKnown { throw ExitCode.nothingKnown(of: ids, months) }
  }

  private func show(
    _ months: ClosedRange<BillingMonth>, _ ids: [String], _ service: Setup
  ) async throws -> FocusOmissions {
    let (found, omissions) = try await service.focus(months, organizations: ids)
    let console = Console.standardOutput
    if !found.isEmpty { console.print(FocusScreen(found).table) }
    return omissions
  }

  private func write(
    _ months: ClosedRange<BillingMonth>, _ ids: [String], _ service: Setup
  ) async throws -> FocusOmissions {
    try await service.exportFocus(
      months, organizations: ids, version: focusVersion, to: service.destination(output))
  }
}

extension FocusVersion: ExpressibleByArgument {}
