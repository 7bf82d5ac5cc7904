import ArgumentParser
import QuotaCore
import QuotaService

struct CheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Validate the configuration and its secrets; with --online also every key and channel.",
    discussion: """
      Nothing is written and no alert is sent: a key is tried with one reading, a channel with a connection.

      Examples:
        quotawatch check
        quotawatch check --online
      """)

  @OptionGroup var common: CommonOptions

  @Flag(help: "Ask the vendor once with each key and connect to each channel.")
  var online = false

  @Flag(help: "Print the findings as JSON.")
  var json = false

  func run() async throws {
    let service = try common.service(lints: true)
    let findings = await service.check(online: online)
    let problems = findings.count { $0.status == .problem }
    if json {
      Console.standardOutput.printJSON(JSONText.list("findings", findings.map(Output.init)))
    } else {
      for finding in findings {
        let isOK = finding.status == .ok
        Console.standardOutput.print(
          "  \(finding.subject): \(finding.detail)",
          after: .init(isOK ? "ok     " : "problem", color: isOK ? .green : .red))
      }
      Console.standardOutput.print(
        problems == 0
          ? "Everything is in order\(online ? "" : "; `quotawatch check --online` tries the keys and channels too")."
          : "\(problems.grouped) of \(findings.count.grouped) have a problem.")
    }
    if problems > 0 { throw ExitCodeError(status: .configuration) }
  }

  private struct Output: Encodable {
    let subject: String
    let verdict: Check.Outcome.Status
    let detail: String

    init(_ finding: Check.Outcome) {
      subject = finding.subject
      verdict = finding.status
      detail = finding.detail
    }
  }
}
