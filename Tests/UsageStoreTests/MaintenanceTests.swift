import Foundation
import GRDB
import QuotaCore
import Testing
@testable import UsageStore

@Suite("Looking after a database")
struct MaintenanceTests {
  let fixture: StoreFixture
  private var backup: String { fixture.directory + "/backup.sqlite" }

  init() async throws {
    fixture = try StoreFixture()
    try await fixture.fill { writer in
      let run = try writer.beginRun(at: .at("23T10:00"))
      for index in 0..<400 {
        let id = OrganizationID("organization-\(index)")
        try writer.record(reading(1, at: .at("23T10:00"), of: id))
        try writer.record(reading(2, at: .at("23T11:00"), of: id))
      }
      try writer.save([alert(of: OrganizationID("organization-1"))])
      try writer.enqueue([event("e")], [delivery("e")])
      try writer.endRun(run, RunSummary(), at: .at("23T10:05"))
    }
  }

  private func execute(_ sql: String) throws {
    var configuration = Configuration()
    configuration.foreignKeysEnabled = false
    let queue = try DatabaseQueue(path: fixture.path, configuration: configuration)
    try queue.write { try $0.execute(sql: "PRAGMA ignore_check_constraints = ON; " + sql) }
    try queue.close()
  }

  @Test(
    "What is no regular file is neither a database nor replaced by a backup, and one that others can change is named")
  func kinds() throws {
    let pipe = fixture.directory + "/pipe"
    #expect(mkfifo(pipe, 0o600) == 0)
    for (path, kind) in [(pipe, "a pipe"), (fixture.directory, "a directory"), ("/dev/null", "a device")] {
      let words = "\(path) is \(kind), and a database has to be a regular file: name another place"
      #expect(throws: StoreError.unusable(words)) {
        _ = try SQLiteStore.backup(path: fixture.path, to: path, overwrites: true, at: .at("23T12:00"))
      }
      #expect(throws: StoreError.unusable(words)) {
        try SQLiteStore.open(path: path, access: .readWrite, billingTimeZone: .gmt)
      }
    }
    #expect(try SQLiteStore.check(path: fixture.path) == [])
    #expect(chmod(fixture.path, 0o666) == 0)
    #expect(
      try SQLiteStore.check(path: fixture.path)
        == ["\(fixture.path) can be changed by other users (mode 666); run: chmod go-w \(fixture.path)"])
  }

  @Test(
    "A part of the database is not replaced by a backup, also where it is not there yet or has another name",
    arguments: ["-wal", "-shm", "-journal", ".lock", ".run.lock", ".inbox", ".inbox.damaged"])
  func parts(suffix: String) throws {
    let store = try fixture.writer()
    let part = fixture.path + suffix
    let link = fixture.directory + "/link"
    if FileManager.default.fileExists(atPath: part) { #expect(Glibc.link(part, link) == 0) }
    for path in [part, link] where path == part || FileManager.default.fileExists(atPath: path) {
      #expect(throws: StoreError.unusable("\(path) is a part of the database: name another file for the backup")) {
        _ = try SQLiteStore.backup(path: fixture.path, to: path, overwrites: true, at: .at("23T12:00"))
      }
      #expect(SQLiteStore.owns(path, database: fixture.path))
    }
    #expect(!SQLiteStore.owns(backup, database: fixture.path))
    try store.close()
  }

  @Test("Where a backup's directory is missing, the advice is about the backup")
  func missingDirectory() throws {
    let place = fixture.directory + "/none/backup.sqlite"
    #expect(
      throws: StoreError.unusable(
        "the directory of the backup \(place) cannot be found (No such file or directory): create it, or name another place"
      )
    ) {
      _ = try SQLiteStore.backup(path: fixture.path, to: place, at: .at("23T12:00"))
    }
  }

  @Test("The database describes itself, also while it is written")
  func info() async throws {
    let store = try fixture.writer()
    let info = try SQLiteStore.info(path: fixture.path)
    #expect(info.tables.first { $0.name == "snapshots" }?.rows == 800)
    #expect(info.tables.map(\.name) == info.tables.map(\.name).sorted())
    #expect(info.schemaVersion == Schema.version)
    #expect(info.journalMode == "wal")
    #expect(info.sqliteVersion.hasPrefix("3."))
    #expect(info.bytes > 100_000)
    #expect(info.firstSnapshotAt == .at("23T10:00"))
    #expect(info.lastSnapshotAt == .at("23T11:00"))
    #expect(info.lastRun?.endedAt == .at("23T10:05"))
    try store.close()
  }

  @Test("A sound database has no problems, also while it is written")
  func sound() async throws {
    #expect(try SQLiteStore.check(path: fixture.path) == [])
    let store = try fixture.writer()
    #expect(try SQLiteStore.check(path: fixture.path) == [])
    try store.close()
  }

  @Test(
    "Rows that contradict each other are found",
    arguments: [
      ("UPDATE organization_months SET snapshot_id = 99999 WHERE organization_id = 'organization-7'", "organization-7"),
      ("UPDATE organization_months SET snapshot_id = 1 WHERE organization_id = 'organization-7'", "organization-7"),
      ("UPDATE organization_months SET snapshot_id = 1 WHERE organization_id = 'organization-0'", "organization-0"),
      (
        "UPDATE organization_months SET snapshot_first_seen_at = '' WHERE organization_id = 'organization-7'",
        "organization-7"
      ),
      ("UPDATE last_snapshot SET snapshot_id = 799", "snapshot 800"),
      ("DELETE FROM last_snapshot", "above the last"),
      ("DELETE FROM organization_months WHERE organization_id = 'organization-7'", "no latest"),
      ("DELETE FROM events", "events"),
      ("DELETE FROM organizations WHERE id = 'organization-7'", "organizations"),
      ("UPDATE snapshots SET pages = -1 WHERE id = 5", "snapshot 5"),
      ("UPDATE snapshots SET first_seen_at = '2026-11-29T10:00:00.000Z' WHERE id = 5", "snapshot 5"),
      ("UPDATE organization_months SET quota_pages = -1 WHERE organization_id = 'organization-7'", "organization-7"),
      ("UPDATE snapshots SET last_seen_at = 'yesterday' WHERE id = 5", "snapshot 5"),
      ("UPDATE events SET body = '{}'", "event e"),
      ("UPDATE alerts SET evidence = 'none'", "evidence"),
      ("UPDATE alerts SET evidence = '{\"used\":\"many\"}'", "evidence"),
      ("UPDATE alerts SET reason = '', changed_at = 'now'", "changed_at"),
      ("UPDATE alerts SET acknowledgement = '{}'", "acknowledgement"),
    ])
  func contradictions(sql: String, named: String) throws {
    try execute(sql)
    let problems = try SQLiteStore.check(path: fixture.path)
    #expect(problems.contains { $0.contains(named) })
    #expect(problems.allSatisfy { !$0.contains("\n") })
  }

  @Test("A value that no version writes is one line that says where")
  func unreadable() async throws {
    try execute("UPDATE snapshots SET last_seen_at = 'yesterday'")
    let store = try fixture.reader()
    let error = await storeError { _ = try await store.read { try $0.organizations().count } }
    guard case .damaged(let line) = error else { throw TestFailure() }
    #expect(line.contains("last_seen_at"))
    #expect(line.contains("quotawatch db check"))
  }

  @Test(
    "Evidence that is damaged stops whoever reads its alert, also where nobody looks at it, and is found by a check",
    arguments: ["substr(evidence, 2)", "''", "'[]'", "'null'", "'5'", "evidence || '}'"])
  func unreadableEvidence(damage: String) async throws {
    let store = try fixture.reader()
    let keys = try await store.read { try $0.alertKeys(Set(Alert.Status.allCases)) }
    try execute("UPDATE alerts SET evidence = \(damage)")
    #expect(try SQLiteStore.check(path: fixture.path).contains { $0.contains("evidence") })
    let errors = [
      await storeError { _ = try await store.read { try $0.alerts(Set(Alert.Status.allCases)).count } },
      await storeError { _ = try await store.read { try $0.states(of: keys.map(\.organization)).count } },
    ]
    for error in errors {
      guard case .damaged(let line) = error else { throw TestFailure() }
      #expect(line.contains("evidence"))
      #expect(line.contains("quotawatch db check"))
    }
  }

  enum Damage: CaseIterable {
    case beginning
    case middle
    case truncated
  }

  private func damage(_ damage: Damage) throws {
    let file = try #require(FileHandle(forUpdatingAtPath: fixture.path))
    let size = try file.seekToEnd()
    switch damage {
    case .beginning:
      try file.seek(toOffset: 0)
      try file.write(contentsOf: Data(repeating: 0xA5, count: 64))
    case .middle:
      try file.seek(toOffset: 4_096)
      try file.write(contentsOf: Data(repeating: 0xA5, count: Int(size) - 8_192))
    case .truncated:
      try file.truncate(atOffset: size / 2 / 4_096 * 4_096)
    }
    try file.close()
  }

  @Test("Damage is found, and is one line wherever it is met", arguments: Damage.allCases)
  func damaged(kind: Damage) async throws {
    try damage(kind)
    #expect(try !SQLiteStore.check(path: fixture.path).isEmpty)
    let whileReading = await storeError {
      _ = try await fixture.reader().read { reader in
        try reader.visitMonths(from: .october, to: .november, organization: nil) { _ in }
      }
    }
    let whileWriting = await storeError {
      try await fixture.writer().write { writer in
        for index in 0..<400 {
          try writer.record(reading(3, at: .at("24T10:00"), of: OrganizationID("organization-\(index)")))
        }
      }
    }
    for error in [whileReading, whileWriting] {
      guard case .damaged(let line) = error else { throw TestFailure() }
      #expect(line.contains("quotawatch db"))
      #expect(error?.isOneLine == true)
    }
    let copying = await storeError { _ = try SQLiteStore.backup(path: fixture.path, to: backup, at: .at("23T12:00")) }
    guard case .damaged = copying else { throw TestFailure() }
    let files = try FileManager.default.contentsOfDirectory(atPath: fixture.directory)
    #expect(files.allSatisfy { $0.hasPrefix("quotawatch.sqlite") })
  }

  @Test("A backup taken while somebody writes is a sound database with all that was stored")
  func backUp() async throws {
    let store = try fixture.writer()
    try await store.record(reading(1, at: .at("23T12:00")))
    _ = try SQLiteStore.backup(path: fixture.path, to: backup, at: .at("23T12:00"))
    try await store.record(reading(1, at: .at("23T12:00"), of: .globex))
    try store.close()

    let attributes = try FileManager.default.attributesOfItem(atPath: backup)
    #expect(attributes[.posixPermissions] as? Int == 0o600)
    #expect(try FileManager.default.contentsOfDirectory(atPath: fixture.directory).allSatisfy { !$0.contains(".tmp") })
    #expect(try SQLiteStore.check(path: backup) == [])
    let copy = try SQLiteStore.open(path: backup, access: .readWrite, billingTimeZone: .gmt)
    #expect(try await copy.read { try $0.organizations().count } == 401)
    try await copy.record(reading(1, at: .at("23T12:00"), of: .globex))
    try copy.close()
  }

  @Test("A backup replaces a file only when it is told to")
  func overwriting() async throws {
    let other = Data("other".utf8)
    try other.write(to: URL(filePath: backup))
    let error = await storeError { _ = try SQLiteStore.backup(path: fixture.path, to: backup, at: .at("23T12:00")) }
    guard case .unusable(let line) = error else { throw TestFailure() }
    #expect(line.contains(backup))
    #expect(FileManager.default.contents(atPath: backup) == other)
    _ = try SQLiteStore.backup(path: fixture.path, to: backup, overwrites: true, at: .at("23T12:00"))
    #expect(try SQLiteStore.check(path: backup) == [])
  }

  @Test("A backup that cannot get its name leaves nothing behind")
  func withoutName() async throws {
    try FileManager.default.createDirectory(atPath: backup, withIntermediateDirectories: false)
    let error = await storeError {
      _ = try SQLiteStore.backup(path: fixture.path, to: backup, overwrites: true, at: .at("23T12:00"))
    }
    guard case .unusable(let line) = error else { throw TestFailure() }
    #expect(line.contains(backup))
    #expect(try FileManager.default.contentsOfDirectory(atPath: fixture.directory).allSatisfy { !$0.contains(".tmp") })
  }

  @Test("A backup never goes over the database itself")
  func ontoItself() async throws {
    let link = fixture.directory + "/link"
    try FileManager.default.linkItem(atPath: fixture.path, toPath: link)
    for target in [fixture.path, link] {
      let error = await storeError {
        _ = try SQLiteStore.backup(path: fixture.path, to: target, overwrites: true, at: .at("23T12:00"))
      }
      guard case .unusable(let line) = error else { throw TestFailure() }
      #expect(line.contains("itself"))
    }
  }

  @Test("Of a database that is not there, there is nothing to see", arguments: 0..<3)
  func missing(kind: Int) async throws {
    let nowhere = fixture.directory + "/nowhere.sqlite"
    let error = await storeError {
      switch kind {
      case 0: _ = try SQLiteStore.info(path: nowhere)
      case 1: _ = try SQLiteStore.check(path: nowhere)
      default: _ = try SQLiteStore.backup(path: nowhere, to: backup, at: .at("23T12:00"))
      }
    }
    guard case .unusable(let line) = error else { throw TestFailure() }
    #expect(line.contains("quotawatch collect"))
    #expect(!FileManager.default.fileExists(atPath: backup))
  }
}
