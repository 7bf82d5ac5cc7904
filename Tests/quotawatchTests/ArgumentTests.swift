import ArgumentParser
import QuotaCore
import QuotaService
import Testing

@testable import quotawatch

@Suite("The words of a command line")
struct ArgumentTests {
  @Test(
    "name the nearest command where there is none of that name, behind help, too",
    arguments: [
      (["statsu"], "did you mean \"status\"?"), (["help", "colect"], "did you mean \"collect\"?"),
      (["report", "usgae"], "there is no command \"usgae\" of report; did you mean \"usage\"?"),
      (["help", "alerts", "akc"], "did you mean \"ack\"?"), (["frobnicate"], "`quotawatch --help` lists them"),
    ])
  func unknown(words: [String], expected: String) throws {
    let problem = try #require(CommandNames.problem(in: words))
    #expect(problem.contains(expected))
  }

  @Test(
    "are left to their command where it is known",
    arguments: [
      [], ["--help"], ["--version"], ["help"], ["status", "acme"], ["alerts", "acme"], ["close", "2026-10"], ["report"],
      ["report", "usage", "last-month"], ["help", "report", "usage"], ["invoice", "--help"],
    ])
  func known(words: [String]) {
    #expect(CommandNames.problem(in: words) == nil)
  }

  @Test(
    "say what a month, a moment and a length of time look like",
    arguments: ["2026-13", "lastmonth", "11", "2026", "", "2019-12", "november"])
  func months(text: String) {
    #expect(throws: ValidationError.self) { try MonthArgument.parse(text) }
    #expect(throws: ValidationError.self) { try TimeArgument.parsePast("in \(text)") }
    #expect(throws: ValidationError.self) { try TimeSpan.parse("-\(text)") }
  }

  @Test(
    "say which months there are, and of ends only what is to come",
    arguments: [
      ("close 2019-05", "from 2020-01 to 2100-12"), ("silence add --until 0s --reason x", "a moment to come such as"),
      ("silence add --until 0s --reason x", "or tomorrow, or a length of time from 1s on"),
      ("token add x --scope read --expires never", "or tomorrow"), ("serve --as-of never", "or yesterday"),
      ("price growth --pages -5", "quantities are whole numbers from 0"),
      ("price growth --conversions -1", "quantities are whole numbers from 0"),
      ("status --top -1", "--top expects a number from 1"), ("log --limit -1", "--limit takes a number"),
      ("accept acme 2026-10 purchase", "say why, for the others, with --note"),
    ])
  func words(line: String, expected: String) {
    let error = #expect(throws: (any Error).self) {
      try QuotaWatch.parseAsRoot(line.split(separator: " ").map(String.init))
    }
    #expect(error.map { QuotaWatch.fullMessage(for: $0) }?.contains(expected) == true)
  }

  @Test("are followed by the usage of their own command where it finds when it runs that they are wrong")
  func usage() throws {
    let error = ValidationError("name a month")
    let text = try #require(WrongUsage(error, of: UsageReportCommand.self)?.text)
    #expect(text.hasPrefix("Error: name a month\nUsage: quotawatch report usage ["))
    #expect(text.hasSuffix("\n  See 'quotawatch report usage --help' for more information."))
    #expect(WrongUsage(error, of: nil) == nil)
    #expect(WrongUsage(CancellationError(), of: UsageReportCommand.self) == nil)
  }

  @Test(
    "are completed with what is known",
    arguments: [
      "notify preview -- --rule", "steps run -- --organization", "steps status -- --organization",
      "ledger import -- --organization", "'firing'$'\\n''resolved'$'\\n''reminder'",
      "'matched'$'\\n''matched_within_tolerance'",
    ])
  func completions(words: String) {
    #expect(QuotaWatch.completionScript(for: .bash).contains(words))
  }

  @Test("list the rows of a month where none is named, without a note")
  func rows() throws {
    _ = try QuotaWatch.parseAsRoot(["accept", "acme", "2026-10"])
  }

  @Test(
    "have one spelling for organizations and months in every command",
    arguments: [
      "collect acme globex --tag vip", "status --organization acme --plan growth", "alerts acme --rule pages",
      "alerts list --severity critical --tag vip", "backfill --from 2026-01 --to last-month acme",
      "ledger poll acme --wait", "ledger status --from this-month acme", "silence add acme --until 2w --reason test",
      "silence add --tag vip --until tomorrow --reason test", "report usage last-month --organization acme --tag vip",
      "report reconciliation --from 2026-01 --to last-month --organization acme --as-of yesterday",
      "report focus last-month --focus-version 1.2 --plan growth", "close last-month --tag vip",
      "close list this-month --organization acme", "invoice list --from 2026-01 --to 2026-03",
      "reopen last-month --organization acme --reason wrong", "status --month last-month --sort run-out --top 3",
      "backtest last-month", "price growth --pages 5 --month last-month", "accept acme last-month usage/pages --note x",
    ])
  func spelling(line: String) throws {
    _ = try QuotaWatch.parseAsRoot(line.split(separator: " ").map(String.init))
  }

  @Test(
    "are refused where they contradict each other",
    arguments: [
      "report usage 2026-01 --from 2026-02", "report usage --to 2026-02", "status --top 0", "status --watch --json",
    ])
  func contradictions(line: String) {
    #expect(throws: (any Error).self) { try QuotaWatch.parseAsRoot(line.split(separator: " ").map(String.init)) }
  }

  @Test("have no second meaning for --version")
  func version() throws {
    func check(_ command: any ParsableCommand.Type) {
      #expect(!command.helpMessage(columns: 80).contains("--version <"))
      for next in command.configuration.subcommands { check(next) }
    }
    check(QuotaWatch.self)
  }
}
