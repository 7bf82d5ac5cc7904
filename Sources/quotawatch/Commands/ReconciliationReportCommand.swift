import ArgumentParser
import FoundationEssentials
import Logging
import QuotaCore
import QuotaService
import Reports

struct ReconciliationReportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reconciliation",
    abstract: "Say of each organization whether the invoice is right, by how much not, and why.",
    discussion: """
      Compares what the vendor counted, what our ledger counted and what the invoices say, at the prices of the plans. \
      On a terminal it is a table of what is not matched, with the sums. Elsewhere, and with --format or -o, it is a file:
      on standard output or under its name, and one line that sums it up on standard error. The exit code is 30 if \
      a row is neither matched nor accepted, or has a status that --fail-on names, and 33 if nothing at all is known of \
      the months.

      The same data give the same bytes; --as-of fixes the time that the report is stamped with.

      Examples:
        quotawatch report reconciliation 2026-10
        quotawatch report reconciliation 2026-10 -o october.xlsx
        quotawatch report reconciliation --from 2026-01 --to 2026-12 --fail-on over_billed,missing_usage -o 2026.csv
      """)

  @OptionGroup var common: CommonOptions

  @OptionGroup var period: MonthArguments
  @OptionGroup var choice: OrganizationFilter

  @Option(
    help: ArgumentHelp(
      "\(ReconciliationFormat.allCases.map(\.rawValue).joined(separator: ", ")); by the name of the file without, or csv.",
      valueName: "format"))
  var format: ReconciliationFormat?

  @Option(
    help: ArgumentHelp(
      "The time of the report: 2026-11-05T08:00:00Z, a day, yesterday, or how long ago, such as 2d; now without it.",
      valueName: "time"),
    transform: TimeArgument.parsePast)
  var asOf: TimeArgument?

  @Option(
    help: ArgumentHelp(
      "The statuses that make the exit code 30, separated by commas; `none` for none.", valueName: "statuses"),
    completion: .list(FailingStatuses.allValueStrings))
  var failOn: FailingStatuses = .unsettled

  @Option(name: [.short, .long], help: "The file to write; standard output without it.", completion: .file())
  var output: String?

  func run() async throws {
    let written = try format ?? .named(byFile: output) ?? .csv
    let service = try common.service()
    let (months, ids) = (try period.months(in: service), try choice.ids(in: service.configuration))
    let request = ReconciliationRequest(
      months, organizations: ids, format: written,
      asOf: asOf?.pastMoment(in: service))
    let isShown = format == nil && output == nil && Console.standardOutput.isTerminal
    let summary = try await isShown ? show(request, service) : write(request, service)
    if summary.knowsNothing { throw ExitCode.nothingKnown(of: ids, months) }
    for month in summary.unknownMonths { service.world.logger.warning("nothing at all is known of \(month)") }
    if summary.contains(failOn.statuses) { throw ExitCode(ExitStatus.notMatched.rawValue) }
  }

  private func show(_ request: ReconciliationRequest, _ service: Setup) async throws -> ReconciliationSummary {
    let (months, summary) = try await service.reconciliation(request, keeping: ReconciliationScreen.isShown)
    let console = Console.standardOutput
    if summary.totals.rows > 0 {
      let screen = ReconciliationScreen(months, summary.totals)
      console.write(screen.render(colored: console.usesColour, width: console.columns) + "\n")
    }
    console.print(summary.text)
    return summary
  }

  private func write(_ request: ReconciliationRequest, _ service: Setup) async throws -> ReconciliationSummary {
    let summary = try await service.exportReconciliation(request, to: service.destination(output))
    Console.standardError.print(summary.text)
    return summary
  }
}

extension ReconciliationFormat: ExpressibleByArgument {}

extension FileFormat {
  /// The format that a file's name says, if it says one; nil without a file.
  static func named(byFile name: String?) throws -> Self? {
    guard let name else { return nil }
    do throws(ForeignFormat) {
      return try named(byFile: name)
    } catch {
      throw ValidationError(error.message)
    }
  }
}

extension ExitCode {
  /// Says that nothing at all is known of months, which is probably not what was meant.
  static func nothingKnown(of organizations: [String], _ months: ClosedRange<BillingMonth>) -> ExitCode {
    let (first, last) = (months.lowerBound, months.upperBound)
    let more = organizations.count > 3 ? " and \((organizations.count - 3).grouped) more" : ""
    let whose = organizations.isEmpty ? "" : "\(organizations.prefix(3).joined(separator: ", "))\(more) in "
    Console.standardError.print(
      "nothing at all is known of \(whose)\(first)\(first == last ? "" : " to \(last)"); "
        + "`quotawatch status` shows what was read")
    return ExitCode(ExitStatus.nothingKnown.rawValue)
  }
}

/// The statuses of rows that make a report fail.
struct FailingStatuses: ExpressibleByArgument {
  let statuses: Set<ReconciliationStatus>

  /// All that leave something to do.
  static let unsettled = FailingStatuses(
    statuses: Set(ReconciliationStatus.allCases).subtracting(ReconciliationStatus.settled))

  private init(statuses: Set<ReconciliationStatus>) {
    self.statuses = statuses
  }

  init?(argument: String) {
    guard argument != "none" else {
      self.init(statuses: [])
      return
    }
    let words = argument.split(separator: ",", omittingEmptySubsequences: false)
    let statuses = words.compactMap { ReconciliationStatus(rawValue: String($0)) }
    guard !words.isEmpty, statuses.count == words.count else { return nil }
    self.init(statuses: Set(statuses))
  }

  var defaultValueDescription: String {
    "all but \(ReconciliationStatus.settled.map(\.rawValue).sorted().joined(separator: ", "))"
  }

  static var allValueStrings: [String] { ReconciliationStatus.allCases.map(\.rawValue) + ["none"] }
}
