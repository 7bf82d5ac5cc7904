import ArgumentParser
import FoundationEssentials
import QuotaCore
import QuotaService

struct InitCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Write a starting configuration that an editor can explain field by field.",
    discussion: """
      Writes alerts.json, readable by you alone, and alerts.schema.json beside it. A file that is there stays as it is. \
      DOCUTRAY_BASE_URL becomes "base_url", if it is set. With --from-csv the organizations are those of a table, which \
      needs a column "id"; docs/agencies.md has more.

      Examples:
        quotawatch init
        quotawatch init --from-csv customers.csv
        quotawatch init --from-csv customers.csv --column id=Number --column name=Company
        quotawatch init ~/.config/quotawatch/alerts.json
      """)

  @Argument(help: "The file to write.", completion: .file(extensions: ["json"]))
  var path = "alerts.json"

  @Option(
    help: ArgumentHelp("A CSV file with the organizations, which the configuration then names.", valueName: "file"),
    completion: .file(extensions: ["csv"]))
  var fromCsv: String?

  @Option(
    help: ArgumentHelp(
      "What a column of the CSV file is called that has another name, such as id=Number; can be repeated.",
      valueName: "column=heading"))
  var column: [String] = []

  func validate() throws {
    guard column.isEmpty || fromCsv != nil else { throw ValidationError("--column belongs to --from-csv FILE") }
  }

  func run() async throws {
    let table = try fromCsv.map { try StartingTable($0, columns: column, for: path) }
    try StartingConfiguration(environment: ProcessInfo.processInfo.environment, table: table).write(to: path)
    let option = path == "alerts.json" ? "" : " --config \(path)"
    let text =
      """
      Wrote \(path)\(table.map { " for \($0.organizationCount.counted("organization"))" } ?? ""). \(advice(table))
      Then:
        quotawatch check --online\(option)
        quotawatch notify test\(option)
        quotawatch collect\(option)
      So that somebody hears of it when runs stop, add "heartbeat": { "env": "HEARTBEAT_URL" }, the address that a monitor
      such as Healthchecks gives you.
      """
    for line in text.split(separator: "\n") { Console.standardOutput.print(String(line)) }
  }

  private func advice(_ table: StartingTable?) -> String {
    guard let table else { return "Fill in your organizations, and set the variables that it names." }
    let keys = table.needsKeyFiles ? "put each key into the file keys/ID beside it (chmod 600), " : ""
    return "Correct the quotas of its plans, \(keys)and set the variables that it names."
  }
}
