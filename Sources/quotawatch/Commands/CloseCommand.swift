import ArgumentParser
import FoundationEssentials
import Logging
import QuotaCore
import QuotaService
import Reports

struct CloseCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "close",
    abstract: "Freeze a month's figures, with a proof that they were not changed afterwards.",
    discussion: """
      Examples:
        quotawatch close 2026-10
        quotawatch close 2026-10 --organization acme --force
        quotawatch close list 2026-10
        quotawatch close verify
      """,
    subcommands: [
      CloseMonthCommand.self, CloseListCommand.self, CloseShowCommand.self, CloseVerifyCommand.self,
    ], defaultSubcommand: CloseMonthCommand.self)
}

/// Who does something that is recorded.
struct ActorOption: ParsableArguments {
  @Option(help: ArgumentHelp("Who does this, as it is recorded; by default the name of the user.", valueName: "name"))
  var by: String?

  func validate() throws {
    if let by { try Self.check(by, "--by") }
  }

  var name: String { by ?? ThisProcess.userName }

  /// One line that is not empty.
  static func check(_ text: String, _ option: String) throws {
    guard text.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else {
      throw ValidationError("\(option) must not be empty")
    }
    guard text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) }) else {
      throw ValidationError("\(option) must be one line")
    }
  }
}

struct CloseMonthCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "month",
    abstract: "Read a month once more and freeze its figures (the default).",
    discussion: """
      All organizations are closed or none. It is refused while the month is not over, and while an organization cannot \
      be read; --force closes what there is and records why it was refused. A month that is closed stays as it is.

      Examples:
        quotawatch close 2026-10
        quotawatch close 2026-10 --organization acme globex --by 'A. Accountant'
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var actor: ActorOption

  @Argument(
    help: "The month: 2026-10 or last-month.", completion: MonthArgument.completion, transform: MonthArgument.parse)
  var month: MonthArgument

  @OptionGroup var choice: OrganizationFilter

  @Flag(help: "Close whatever stands against it, and record what that was.")
  var force = false

  @Flag(help: "Print the entries as JSON.")
  var json = false

  func run() async throws {
    let service = try common.service()
    let month = try month.month(in: service)
    let bar = ProgressBar("Reading")
    var options = CloseMonth.Options(month: month, by: actor.name)
    options.only = try choice.ids(in: service.configuration)
    options.force = force
    options.progress = { bar.update($0, of: $1) }
    let report = try await ThisProcess.interruptible { [options] in
      defer { bar.finish() }
      return try await service.close(options)
    }
    if json {
      Console.standardOutput.printJSON(JSONText.list("closings", report.closed.map { ClosingOutput($0) }))
    } else {
      tell(report, month, service.world.logger)
    }
  }

  private func tell(_ report: CloseMonth.Report, _ month: BillingMonth, _ logger: Logger) {
    let known = report.alreadyClosed.count
    let before = known == 0 ? "" : "; \(known.grouped) \(known == 1 ? "was" : "were") closed before"
    let count = report.closed.count.counted("organization")
    Console.standardOutput.print("Closed \(month) for \(count)\(before).")
    if let last = report.closed.last {
      Console.standardOutput.print("Head of the journal: closing \(last.sequence), \(last.hash)")
    }
    let forced = report.closed.count { $0.closedMonth?.forcedBecause != nil }
    if forced > 0 {
      logger.warning("\(forced.grouped) of them \(forced == 1 ? "was" : "were") forced, which is recorded")
    }
    if report.unsettled > 0 {
      logger.warning(
        "for \(report.unsettled.grouped) of them late results are still possible; a change will show as post_close_change"
      )
    }
  }
}

struct CloseShowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Print an entry as the text that is hashed.",
    discussion: """
      Example:
        quotawatch close show 7 | sha256sum
      """)

  @OptionGroup var common: CommonOptions

  @Argument(help: "The entry's number.")
  var sequence: Int64

  func run() async throws {
    Console.standardOutput.write(try await common.service().canonicalText(ofClosing: sequence))
  }
}

struct CloseVerifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Prove that no closing was changed since it was written.",
    discussion: """
      Entries that were cut off at the end leave no trace: note the head down elsewhere and name it with --head.

      Examples:
        quotawatch close verify
        quotawatch close verify --head 3f5c…
      """)

  @OptionGroup var common: CommonOptions

  @Option(help: ArgumentHelp("A head that was noted down earlier.", valueName: "hash"))
  var head: String?

  @Flag(help: "Print the result as JSON.")
  var json = false

  func validate() throws {
    guard let head else { return }
    guard head.utf8.count == 64, head.utf8.allSatisfy({ $0.isDigit || (97...102).contains($0) }) else {
      throw ValidationError("--head takes 64 hexadecimal digits in lower case")
    }
  }

  func run() async throws {
    let proof = try await common.service().verifyClosings(lookingFor: head)
    if json {
      Console.standardOutput.printJSON(JSONText.pretty(ProofOutput(proof)))
    } else {
      for problem in proof.problems { Console.standardError.print("quotawatch: \(problem)") }
      if proof.problems.isEmpty {
        let entries = proof.entries == 1 ? "1 entry is" : "\(proof.entries.grouped) entries are"
        Console.standardOutput.print("\(entries) as written. Head of the journal: \(proof.head)")
      }
    }
    try proof.status.orExit()
  }
}

private struct ProofOutput: Encodable {
  let entries: Int64
  let head: String
  let proven: Bool
  let problems: [String]

  init(_ proof: VerifyClosings.Proof) {
    entries = proof.entries
    head = proof.head
    proven = proof.problems.isEmpty
    problems = proof.problems
  }
}
