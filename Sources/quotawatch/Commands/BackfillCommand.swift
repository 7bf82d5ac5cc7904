import ArgumentParser
import Logging
import QuotaCore
import QuotaService

struct BackfillCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backfill",
    abstract: "Ask the vendor for past months and store them.",
    discussion: """
      Months that are known and settled are not asked for again; an interrupted run goes on where it stopped. Rules judge \
      nothing of what is read, but a correction of a closed month is told.

      Examples:
        quotawatch backfill --from 2025-01
        quotawatch backfill --from 2025-01 --to last-month --refresh acme
      """)

  @OptionGroup var common: CommonOptions

  @OptionGroup var choice: OrganizationArguments

  @Option(
    help: ArgumentHelp("The first month: 2025-01, last-month.", valueName: "month"),
    completion: MonthArgument.completion, transform: MonthArgument.parse)
  var from: MonthArgument

  @Option(
    help: ArgumentHelp("The last month; by default the one before the current.", valueName: "month"),
    completion: MonthArgument.completion, transform: MonthArgument.parse)
  var to: MonthArgument = .ago(1)

  @Flag(help: "Ask for settled months again too.")
  var refresh = false

  func run() async throws {
    let service = try common.service()
    let (first, last) = (try from.month(in: service), try to.month(in: service))
    guard first <= last else {
      throw ValidationError("--from \(first) is later than the last month to ask for, \(last)")
    }
    let bar = ProgressBar("Backfill")
    var options = Backfill.Options(months: first...last)
    options.only = try choice.ids(in: service.configuration)
    options.refresh = refresh
    options.progress = { bar.update($0, of: $1) }
    let report = try await ThisProcess.interruptible { [options] in
      defer { bar.finish() }
      return try await service.backfill(options)
    }
    for missing in report.missing.prefix(20) {
      service.world.logger.warning("\(missing.organization) \(missing.month): \(missing.failure.message)")
    }
    if report.missing.count > 20 {
      service.world.logger.warning("and \((report.missing.count - 20).grouped) more")
    }
    Console.standardOutput.print(
      "Stored \(report.stored.counted("month")); \(report.skipped.grouped) were known already, \(report.missing.count.grouped) could not be read."
    )
    try report.status.orExit()
  }
}
