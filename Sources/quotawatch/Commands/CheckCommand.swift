import ArgumentParser
import Logging
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
    for warning in service.configuration.warnings { service.world.logger.warning("\(warning)") }
    let findings = await service.check(online: online)
    let problems = findings.count { $0.status == .problem }
    if json {
      Console.standardOutput.printJSON(JSONText.list("findings", findings.map(Output.init)))
    } else {
      show(findings, try common.time)
    }
    if problems > 0 { throw ExitCodeError(status: .configuration) }
  }

  /// So many findings that are in order are listed; the rest is counted.
  private static let mostInOrder = 20

  /// What is wrong first.
  private func show(_ findings: [Check.Outcome], _ time: ReaderTime) {
    let problems = findings.filter { $0.status == .problem }
    let inOrder = findings.filter { $0.status != .problem }
    for finding in problems + inOrder.prefix(Self.mostInOrder) {
      let isOK = finding.status == .ok
      Self.show(isOK ? "ok" : "problem", isOK ? .green : .red, "\(finding.subject): \(time(in: finding.detail))")
    }
    let more = inOrder.count - Self.mostInOrder
    if more > 0 {
      Self.show("ok", .green, "and \(more.grouped) more")
    }
    Console.standardOutput.print(
      problems.isEmpty
        ? "Everything is in order\(online ? "" : "; `quotawatch check --online` tries the keys and channels too")."
        : "\(problems.count.grouped) of \(findings.count.grouped) \(problems.count == 1 ? "has" : "have") a problem.")
  }

  private static func show(_ word: String, _ color: TextTable.Color, _ words: String) {
    let gap = String(repeating: " ", count: 9 - word.count)
    Console.standardOutput.print(Prose([.init(word, color: color), .init(gap + words)], hang: 9))
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
