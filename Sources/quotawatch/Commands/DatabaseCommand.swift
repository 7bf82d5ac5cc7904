import ArgumentParser
import FoundationEssentials
import QuotaCore
import QuotaService
import Reports

struct DatabaseCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "db",
    abstract: "Look at, check, back up and restore the database.",
    subcommands: [
      DatabaseInfoCommand.self, DatabaseCheckCommand.self, DatabaseBackupCommand.self, DatabaseRestoreCommand.self,
    ])
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
    for entry in info.restorations {
      table.add(["restored", .init("\(time(entry.restoredAt)), knowing nothing since \(time(entry.knownUntil))")])
    }
    Console.standardOutput.print(table)
  }
}

struct DatabaseCheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Check the database for damage and contradictions; changes nothing.")

  @OptionGroup var common: CommonOptions

  func run() async throws {
    let (service, time) = (try common.service(), try common.time)
    let problems = try service.databaseProblems()
    guard problems.isEmpty else {
      let isDamaged = problems.contains { !$0.contains("; run: chmod") }
      throw ServiceError(
        .inputOutput,
        lines: problems
          + (isDamaged ? ["put the last backup in its place: quotawatch db restore FILE --overwrite"] : []))
    }
    Console.standardOutput.print("\(service.configuration.databasePath) is in order.")
    for entry in try service.databaseInfo().restorations {
      Console.standardOutput.print(
        "Nothing is known of \(time(entry.knownUntil)) to \(time(entry.restoredAt)): then \(entry.backup) was restored."
      )
    }
  }
}

struct DatabaseBackupCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup",
    abstract: "Copy the database to a file, also while a run is active, and verify the copy.",
    discussion: """
      In a folder the file is named by the time, such as quotawatch-20261126T031700Z.sqlite. With --keep the oldest of
      these are removed when the new one is there; other files stay.

      Examples:
        quotawatch db backup before-upgrade.sqlite
        quotawatch db backup backups/ --keep 14
      """)

  @OptionGroup var common: CommonOptions

  @Argument(help: "The file to write, or a folder; one that ends in / is made.", completion: .file())
  var place: String

  @Flag(help: "Replace the file if it exists.")
  var overwrite = false

  @Option(parsing: .unconditional, help: "Keep so many backups of the folder, this one included.")
  var keep: Int?

  func validate() throws {
    if let keep, keep < 1 { throw ValidationError("--keep has to be 1 or more") }
  }

  func run() async throws {
    let backUp = try common.service().backUpDatabase
    guard keep == nil || backUp.isFolder(place) else {
      throw ValidationError("--keep takes a folder, and \(place) is none: end its name with /")
    }
    let file = try await backUp(to: place, overwrites: overwrite)
    Console.standardOutput.print("\(file) is a verified copy.")
    guard let keep else { return }
    for removed in try backUp.prune(place, keeping: keep, newest: file) {
      Console.standardOutput.print("\(removed) was removed.")
    }
  }
}

struct DatabaseRestoreCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore",
    abstract: "Put a backup in the place of the database, after verifying it; the database is kept beside.",
    discussion: """
      No run may be active, and nobody may have the database open. What the next run tells is marked as possibly a
      repetition, since the backup does not know what was told after it was made.

      Example:
        quotawatch db restore before-upgrade.sqlite --overwrite
      """)

  @OptionGroup var common: CommonOptions

  @Argument(help: "The backup.", completion: .file())
  var file: String

  @Flag(help: "Replace the database if there is one; it is kept under another name.")
  var overwrite = false

  func run() async throws {
    let (service, time) = (try common.service(), try common.time)
    let outcome = try service.restoreDatabase(from: file, overwrites: overwrite)
    let gap = outcome.restoration.gap
    Console.standardOutput.print("\(service.configuration.databasePath) is what \(file) was, verified.")
    if let kept = outcome.kept { Console.standardOutput.print("The database that was there is \(kept).") }
    Console.standardOutput.print(
      "Nothing is known of \(time(gap.from)) to \(time(gap.to)): the next run reads where everybody stands, and marks what "
        + "it tells as possibly a repetition.")
  }
}
