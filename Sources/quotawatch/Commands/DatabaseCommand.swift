import ArgumentParser
import FoundationEssentials
import QuotaCore
import QuotaService
import Reports

struct DatabaseCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "db",
    abstract: "Look at, check and back up the database.",
    subcommands: [DatabaseInfoCommand.self, DatabaseCheckCommand.self, DatabaseBackupCommand.self])
}

struct DatabaseInfoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info", abstract: "Say how large the database is and what it holds.")

  @OptionGroup var common: CommonOptions

  @Flag(help: "Print it as JSON.")
  var json = false

  func run() async throws {
    let (info, time) = (try common.service().databaseInfo(), try common.time)
    guard !json else {
      Console.standardOutput.printJSON(JSONText.pretty(info))
      return
    }
    var table = TextTable([.init("DATABASE"), .init(info.path, widths: 20 ... .max)])
    table.add(["size", .init("\(info.bytes.counted("byte"))")])
    table.add(["schema", .init("version \(info.databaseVersion), SQLite \(info.sqliteVersion), \(info.journalMode)")])
    for entry in info.tables { table.add([.init(entry.name), .init("\(entry.rows.counted("row"))")]) }
    if let first = info.firstSnapshotAt, let last = info.lastSnapshotAt {
      table.add(["snapshots", .init("\(time(first)) to \(time(last))")])
    }
    if let ended = info.lastRunEndedAt { table.add(["last run", .init(time(ended))]) }
    Console.standardOutput.print(table)
  }
}

struct DatabaseCheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Check the database for damage and contradictions; changes nothing.")

  @OptionGroup var common: CommonOptions

  func run() async throws {
    let service = try common.service()
    let problems = try service.databaseProblems()
    guard problems.isEmpty else {
      let isDamaged = problems.contains { !$0.contains("; run: chmod") }
      throw ServiceError(
        .inputOutput, lines: problems + (isDamaged ? ["restore the last `quotawatch db backup`"] : []))
    }
    Console.standardOutput.print("\(service.configuration.databasePath) is in order.")
  }
}

struct DatabaseBackupCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup",
    abstract: "Copy the database to a file, also while a run is active, and verify the copy.",
    discussion: """
      Example:
        quotawatch db backup /var/backups/quotawatch-$(date +%F).sqlite
      """)

  @OptionGroup var common: CommonOptions

  @Argument(help: "The file to write.", completion: .file())
  var file: String

  @Flag(help: "Replace the file if it exists.")
  var overwrite = false

  func run() async throws {
    try await common.service().backUpDatabase(to: file, overwrites: overwrite)
    Console.standardOutput.print("\(file) is a verified copy.")
  }
}
