import ArgumentParser
import QuotaCore
import QuotaService
import Reports

struct FocusReportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "focus",
    abstract: "What the plans say that months cost, as FOCUS: a row for each tier.",
    discussion: """
      Writes the Cost and Usage dataset of the FinOps Open Cost and Usage Specification as CSV. The billed costs of a
      month's rows add up to the plan's total exactly; on a terminal they are shown as a table. With -o the file is replaced as a whole, or left as it is.

      Examples:
        quotawatch report focus 2026-10 --version 1.2 -o focus.csv
        quotawatch report focus --from 2026-01 --to 2026-10 --version 1.4 --organization acme
      """)

  @OptionGroup var common: CommonOptions

  @Argument(help: "The month, such as 2026-10; for several use --from and --to.")
  var month: BillingMonth?

  @Option(help: "The first month.")
  var from: BillingMonth?

  @Option(help: "The last month; by default the first.")
  var to: BillingMonth?

  @Option(help: ArgumentHelp("Only this organization; can be repeated.", valueName: "id"))
  var organization: [String] = []

  @Option(help: "The version of FOCUS: 1.2 or 1.4.")
  var version: FocusVersion

  @Option(name: [.short, .long], help: "The file to write; standard output without it.", completion: .file())
  var output: String?

  func validate() throws {
    guard (month == nil) != (from == nil) else {
      throw ValidationError("name one month, or the first one with --from")
    }
    guard month == nil || to == nil else { throw ValidationError("--to goes with --from") }
    if let from, let to, from > to { throw ValidationError("--from \(from) is later than --to \(to)") }
  }

  func run() async throws {
    guard let first = month ?? from else { return }
    let (months, service) = (first...(to ?? first), try common.service())
    let isShown = output == nil && Console.standardOutput.isTerminal
    let omissions = try await isShown ? show(months, service) : write(months, service)
    let notes = [
      (omissions.neverRead, "were never read"), (omissions.withoutPrices, "have no prices in the configuration"),
    ]
    for (count, reason) in notes where count > 0 {
      Console.standardError.print("note: \(count.grouped) months of organizations have no rows, because they \(reason)")
    }
    if omissions.isNothingKnown { throw ExitCode.nothingKnown(of: nil, months) }
  }

  private func show(_ months: ClosedRange<BillingMonth>, _ service: Setup) async throws -> FocusOmissions {
    let (found, omissions) = try await service.focus(months, organizations: organization)
    let console = Console.standardOutput
    if !found.isEmpty { console.write(FocusScreen(found).render(colored: console.usesColour, width: console.columns)) }
    return omissions
  }

  private func write(_ months: ClosedRange<BillingMonth>, _ service: Setup) async throws -> FocusOmissions {
    try await service.exportFocus(
      months, organizations: organization, version: version, to: output.map { .file(path: $0) } ?? .standardOutput)
  }
}

extension FocusVersion: ExpressibleByArgument {}
