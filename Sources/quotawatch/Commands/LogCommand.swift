import ArgumentParser
import FoundationEssentials
import QuotaCore
import QuotaService

struct LogCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "log",
    abstract: "List what people did, when and who: by command, on a page, or through the API.",
    discussion: """
      What was done with a command is under the name of the user of this machine; on a page and through the API under the \
      name of the token, or of the proxy's user.

      Examples:
        quotawatch log
        quotawatch log --limit 500 --json
      """)

  @OptionGroup var common: CommonOptions

  @Option(parsing: .unconditional, help: "How many are listed, the last ones first.")
  var limit = 50

  @Flag(help: "Print the list as JSON.")
  var json = false

  func validate() throws {
    guard (1...100_000).contains(limit) else { throw ValidationError("--limit takes a number from 1 to 100000") }
  }

  func run() async throws {
    let acts = try await common.service().readLog(limit: limit)
    let time = try common.time
    guard !json else {
      Console.standardOutput.printJSON(JSONText.list("acts", acts.map { ActOutput($0) }))
      return
    }
    guard !acts.isEmpty else {
      Console.standardOutput.print("Nobody has done anything so far.")
      return
    }
    var table = TextTable([
      .init("WHEN"), .init("WHO", widths: 8...30), .init("BY", rank: 1), .init("WHAT", widths: 20 ... .max),
    ])
    for act in acts {
      table.add([.init(time(act.at)), .init(act.by), .init(act.way.rawValue), .init(time(in: act.words))])
    }
    Console.standardOutput.print(table)
  }
}
