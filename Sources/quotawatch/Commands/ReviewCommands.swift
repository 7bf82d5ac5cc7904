import ArgumentParser
import QuotaCore
import QuotaService

struct AcceptCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "accept",
    abstract: "Accept a row of the reconciliation as it is, with a note.",
    discussion: """
      The row counts as accepted in every later report as long as its figures are the same. Rows are called usage/pages, \
      usage/conversions, purchase, credit and tax, and a line that stands alone by its category, invoice and line, as in \
      credit/INV-7/3; without a row the rows of the month are listed.

      Examples:
        quotawatch accept acme 2026-10 usage/pages --note 'late pages, agreed by mail on 3 November'
        quotawatch accept acme 2026-10 credit/INV-7/3 --note 'goodwill for the outage'
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var actor: ActorOption
  @OptionGroup var row: RowArguments

  func run() async throws {
    try await row.review(as: .accepted, by: actor.name, try common.service())
  }
}

struct DisputeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dispute",
    abstract: "Dispute a row of the reconciliation, with a note.",
    discussion: """
      The row counts as disputed in every later report as long as its figures are the same; `quotawatch accept` ends the \
      dispute. For the names of rows see `quotawatch help accept`.

      Example:
        quotawatch dispute acme 2026-10 usage/conversions --note 'ticket 4711 at the vendor'
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var actor: ActorOption
  @OptionGroup var row: RowArguments

  func run() async throws {
    try await row.review(as: .disputed, by: actor.name, try common.service())
  }
}

/// Which row, and what is said of it.
struct RowArguments: ParsableArguments {
  @Argument(
    help: ArgumentHelp("The organization's id.", valueName: "organization"),
    completion: .custom(KnownNames.organizations))
  var organization: String

  @Argument(
    help: "The month: 2026-10 or last-month.", completion: MonthArgument.completion, transform: MonthArgument.parse)
  var month: MonthArgument

  @Argument(help: ArgumentHelp("The row, such as usage/pages.", valueName: "row"))
  var name: String?

  @Option(help: "Why, for the others; needed with a row.")
  var note: String?

  func validate() throws {
    guard let note else {
      guard name == nil else { throw ValidationError("say why, for the others, with --note") }
      return
    }
    try ActorOption.check(note, "--note")
  }

  func review(as status: ReconciliationStatus, by person: String, _ service: Setup) async throws {
    let month = try month.month(in: service)
    let row = try await service.review(name, of: organization, month, as: status, note: note ?? "", by: person)
    Console.standardOutput.print("\(organization) \(month) \(row.name) is \(row.status.rawValue): \(row.note)")
  }
}
