import ArgumentParser
import QuotaService

struct InitCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Write a starting configuration that an editor can explain field by field.",
    discussion: """
      Writes alerts.json, readable by you alone, and alerts.schema.json beside it. A file that is there stays as it is.

      Examples:
        quotawatch init
        quotawatch init ~/.config/quotawatch/alerts.json
      """)

  @Argument(help: "The file to write.", completion: .file(extensions: ["json"]))
  var path = "alerts.json"

  func run() async throws {
    try StartingConfiguration.write(to: path)
    let option = path == "alerts.json" ? "" : " --config \(path)"
    let text =
      """
      Wrote \(path). Fill in your organizations, and set the variables that it names. Then:
        quotawatch check --online\(option)
        quotawatch notify test\(option)
        quotawatch collect\(option)
      So that somebody hears of it when runs stop, add "heartbeat": { "env": "HEARTBEAT_URL" }, the address that a monitor
      such as Healthchecks gives you.
      """
    for line in text.split(separator: "\n") { Console.standardOutput.print(String(line)) }
  }
}
