import ArgumentParser
import FoundationEssentials
import QuotaCore
import QuotaService
import Reports

struct PriceCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "price",
    abstract: "Calculate what a plan says that a month costs, line by line and tier by tier.",
    discussion: """
      The version of the plan counts that is valid at the month's start. Amounts are exact; "rounded" is half away from \
      zero to the currency's minor unit. docs/prices.md explains the models.

      Examples:
        quotawatch price growth --pages 12345 --conversions 678
        quotawatch price growth --pages 12345 --month 2026-11 --json
      """)

  @OptionGroup var common: CommonOptions

  @Argument(help: "The name of a configured plan.", completion: .custom(KnownNames.plans))
  var plan: String

  @Option(parsing: .unconditional, help: "The pages of the month.")
  var pages: Int64 = 0

  @Option(parsing: .unconditional, help: "The conversions and identifications of the month.")
  var conversions: Int64 = 0

  @Option(
    help: "The month: 2026-11, last-month; by default the present one.", completion: MonthArgument.completion,
    transform: MonthArgument.parse)
  var month: MonthArgument = .ago(0)

  @Flag(help: "Print the calculation as JSON.")
  var json = false

  func validate() throws {
    guard pages >= 0, conversions >= 0 else { throw ValidationError("quantities are whole numbers from 0") }
  }

  func run() async throws {
    let service = try common.service()
    let calculation = try service.price(
      plan: plan, month: try month.month(in: service), Counters(pages: pages, conversions: conversions))
    if json {
      Console.standardOutput.printJSON(JSONText.pretty(PriceOutput(calculation)))
    } else {
      let table = PriceTable(calculation)
      Console.standardOutput.printHeading(table.heading)
      Console.standardOutput.print(table.table)
    }
  }
}
