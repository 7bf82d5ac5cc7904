import ArgumentParser
import QuotaCore
import QuotaService

struct BackfillCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backfill",
    abstract: "Ask the vendor for past months and store them.",
    discussion: """
      Months that are known and settled are not asked for again; an interrupted run goes on where it stopped. Rules judge
      nothing of what is read, but a correction of a closed month is told.

      Examples:
        quotawatch backfill --from 2025-01
        quotawatch backfill --from 2025-01 --to 2025-12 --only acme --refresh
      """)

  @OptionGroup var common: CommonOptions

  @Option(help: "The first month, such as 2025-01.")
  var from: BillingMonth

  @Option(help: "The last month; by default the one before the current.")
  var to: BillingMonth?

  @Option(parsing: .upToNextOption, help: "Only these organizations.")
  var only: [String] = []

  @Flag(help: "Ask for settled months again too.")
  var refresh = false

  func run() async throws {
    let service = try common.service()
    guard let last = to ?? service.lastCompleteMonth, from <= last else {
      throw ValidationError("--from \(from) is later than the last month to ask for (--to)")
    }
    let bar = ProgressBar("Backfill")
    var options = Backfill.Options(months: from...last)
    options.only = only
    options.refresh = refresh
    options.progress = { bar.update($0, of: $1) }
    let report = try await ThisProcess.interruptible { [options] in
      defer { bar.finish() }
      return try await service.backfill(options)
    }
    for missing in report.missing.prefix(20) {
      Console.standardError.print("warning: \(missing.organization) \(missing.month): \(missing.failure.message)")
    }
    if report.missing.count > 20 {
      Console.standardError.print("warning: and \((report.missing.count - 20).grouped) more")
    }
    Console.standardOutput.print(
      "Stored \(report.stored.counted("month")); \(report.skipped.grouped) were known already, \(report.missing.count.grouped) could not be read."
    )
    try report.status.orExit()
  }
}

extension BillingMonth: ExpressibleByArgument {
  /// Parses what a month is written as, such as `2026-11`.
  public init?(argument: String) {
    self.init(argument)
  }
}
