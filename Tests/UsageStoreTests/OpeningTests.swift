import Foundation
import GRDB
import QuotaCore
import TestSupport
import Testing

@testable import UsageStore

@Suite("Opening a database")
struct OpeningTests {
  let fixture: StoreFixture

  init() throws {
    fixture = try StoreFixture()
  }

  /// Another program's work on a file, with the connection closed afterwards.
  private func sqlite(_ statements: String...) throws {
    let queue = try DatabaseQueue(path: fixture.path)
    try queue.writeWithoutTransaction { database in
      for sql in statements { try database.execute(sql: sql) }
    }
    try queue.close()
  }

  private func openForWriting() async -> StoreError? {
    await storeError { _ = try fixture.writer() }
  }

  private func openForReading() async -> StoreError? {
    await storeError { _ = try fixture.reader() }
  }

  @Test("A new database and the files beside it are for their owner only")
  func modes() async throws {
    let run = try RunLock(database: fixture.path)
    defer { run.release() }
    let store = try fixture.writer()
    try await store.record(reading(1, at: .at("23T10:00")))
    let reader = try fixture.reader()
    for suffix in ["", "-wal", "-shm", ".lock", ".run.lock"] {
      let attributes = try FileManager.default.attributesOfItem(atPath: fixture.path + suffix)
      #expect(attributes[.posixPermissions] as? Int == 0o600, "\(suffix)")
    }
    try reader.close()
    try store.close()
  }

  @Test("A second run is told at once that another one is active, also by a link to the database")
  func secondRun() async throws {
    try await fixture.fill()
    let link = fixture.directory + "/link.sqlite"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: fixture.path)
    let first = try RunLock(database: fixture.path)
    for path in [fixture.path, link] {
      let error = await storeError { _ = try RunLock(database: path) }
      guard case .inUse(let line) = error else { throw TestFailure() }
      #expect(line.contains("another run is active"))
    }
    first.release()
    _ = try RunLock(database: link)
    _ = try RunLock(database: fixture.path)
  }

  @Test("Two writers write in turns, whether a run is active or not")
  func twoWriters() async throws {
    let run = try RunLock(database: fixture.path)
    let stores = try [fixture.writer(), fixture.writer()]
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (index, store) in stores.enumerated() {
        group.addTask {
          for minute in 0..<50 {
            let organization = OrganizationID("org-\(index)")
            try await store.record(
              reading(Int64(minute), at: .at("23T10:00") + .minutes(Int64(minute)), of: organization))
          }
        }
      }
      try await group.waitForAll()
    }
    for store in stores {
      let latest = try await store.read { try $0.organizations().map(\.latest?.snapshot.counters.pages) }
      #expect(latest == [49, 49])
    }
    for store in stores { try store.close() }
    run.release()
    #expect(!FileManager.default.fileExists(atPath: fixture.path + "-wal"))
    #expect(try SQLiteStore.check(path: fixture.path) == [])
  }

  @Test("Who finds another's transaction waits for it, and is told if that takes too long")
  func otherTransaction() async throws {
    let (first, hasty) = (try fixture.writer(), try fixture.writer(patience: 0))
    let patient = try fixture.writer()
    let transaction = await OpenTransaction(in: first)
    for error in [
      await storeError { try await hasty.write { try $0.register([]) } }, await openForWriting(),
    ] {
      guard case .inUse(let line) = error else { throw TestFailure() }
      #expect(line.contains("another process is writing"))
      #expect(error?.isOneLine == true)
    }
    // Closing needs nobody's leave.
    try hasty.close()
    async let later: MonthUsage = patient.record(reading(1, at: .at("23T10:00")))
    try await transaction.commit()
    #expect(try await later.snapshot.counters.pages == 1)
    try first.close()
    try patient.close()
  }

  @Test("A broken link is not followed")
  func brokenLink() async throws {
    let elsewhere = fixture.directory + "/elsewhere.sqlite"
    try FileManager.default.createSymbolicLink(atPath: fixture.path, withDestinationPath: elsewhere)
    guard case .unusable = await openForWriting() else { throw TestFailure() }
    #expect(!FileManager.default.fileExists(atPath: elsewhere))
  }

  @Test("Reading works while a writer is active and without one, and creates no database")
  func readers() async throws {
    guard case .unusable(let line) = await openForReading() else { throw TestFailure() }
    #expect(line.contains("quotawatch collect"))
    #expect(!FileManager.default.fileExists(atPath: fixture.path))

    let writer = try fixture.writer()
    try await writer.record(reading(1, at: .at("23T10:00")))
    let beside = try fixture.reader()
    #expect(try await beside.read { try $0.organizations().count } == 1)
    try beside.close()
    try writer.close()

    for _ in 1...2 {
      let alone = try fixture.reader()
      #expect(try await alone.read { try $0.organizations().count } == 1)
      try alone.close()
    }
    try fixture.writer().close()
  }

  @Test("A reader changes neither the database nor its log")
  func readerLeavesFiles() async throws {
    let writer = try fixture.writer()
    try await writer.record(reading(1, at: .at("23T10:00")))
    // What a killed writer leaves: the last changes are in the log only.
    for suffix in ["", "-wal"] {
      try FileManager.default.copyItem(atPath: fixture.path + suffix, toPath: fixture.directory + "/copy" + suffix)
    }
    try writer.close()
    let copy = fixture.directory + "/copy"
    let before = ["", "-wal"].map { FileManager.default.contents(atPath: copy + $0) }
    let reader = try SQLiteStore.open(path: copy, access: .readOnly, billingTimeZone: .gmt)
    #expect(try await reader.read { try $0.organizations().count } == 1)
    try reader.close()
    #expect(["", "-wal"].map { FileManager.default.contents(atPath: copy + $0) } == before)
  }

  @Test("A store that was opened for reading refuses to write")
  func readOnly() async throws {
    try await fixture.fill()
    let store = try fixture.reader()
    let error = await storeError { try await store.write { try $0.register([]) } }
    guard case .unusable = error else { throw TestFailure() }
  }

  enum Remains: CaseIterable {
    case emptyFile
    case emptyLog
    /// A rollback journal of a transaction that was writing the file's first pages.
    case hotJournal
  }

  private func leave(_ remains: Remains) throws {
    switch remains {
    case .emptyFile: #expect(FileManager.default.createFile(atPath: fixture.path, contents: nil))
    case .emptyLog: try sqlite("PRAGMA journal_mode = WAL")
    case .hotJournal:
      let other = fixture.directory + "/other"
      let queue = try DatabaseQueue(path: other)
      try queue.inDatabase { database in
        try database.execute(sql: "PRAGMA cache_size = 1")
        try database.inTransaction {
          try database.execute(sql: "CREATE TABLE big (data BLOB)")
          for _ in 1...100 { try database.execute(sql: "INSERT INTO big VALUES (randomblob(3000))") }
          for suffix in ["", "-journal"] {
            try FileManager.default.copyItem(atPath: other + suffix, toPath: fixture.path + suffix)
          }
          return .rollback
        }
      }
      #expect(try fixture.bytes()[0]?.isEmpty == false)
    }
  }

  @Test("What a killed creation leaves behind is taken up", arguments: Remains.allCases)
  func halfCreated(remains: Remains) async throws {
    try leave(remains)
    guard case .unusable(let line) = await openForReading() else { throw TestFailure() }
    #expect(remains == .hotJournal || line.contains("quotawatch collect"))
    try fixture.writer().close()
    try fixture.reader().close()
    #expect(try SQLiteStore.check(path: fixture.path) == [])
  }

  @Test("A missing directory is named")
  func missingDirectory() async throws {
    let path = fixture.directory + "/nowhere/quotawatch.sqlite"
    let error = await storeError { _ = try SQLiteStore.open(path: path, access: .readWrite, billingTimeZone: .gmt) }
    guard case .unusable(let line) = error else { throw TestFailure() }
    #expect(line.contains(path))
  }

  @Test("The database of another program is refused and left as it is", arguments: ["DELETE", "WAL"])
  func foreign(journal: String) async throws {
    try sqlite("PRAGMA journal_mode = \(journal)", "CREATE TABLE songs (title TEXT)")
    let before = try fixture.bytes()
    for error in [await openForWriting(), await openForReading()] {
      guard case .unusable(let line) = error else { throw TestFailure() }
      #expect(line.contains("another program"))
    }
    #expect(try fixture.bytes()[0] == before[0])
  }

  @Test("The database of a newer version is refused and left as it is, with its log")
  func newer() async throws {
    try await fixture.fill()
    let newer = try DatabaseQueue(path: fixture.path)
    try await newer.writeWithoutTransaction { try $0.execute(sql: "PRAGMA user_version = 99") }
    let before = try fixture.bytes()
    #expect(before[1]?.isEmpty == false)
    // While the newer version has it open, and after its process has died.
    for error in [await openForWriting(), await openForReading()] {
      guard case .tooNew(let line) = error else { throw TestFailure() }
      #expect(line.contains("99"))
    }
    #expect(try fixture.bytes() == before)
    let copy = fixture.directory + "/copy"
    for suffix in ["", "-wal"] {
      try FileManager.default.copyItem(atPath: fixture.path + suffix, toPath: copy + suffix)
    }
    let error = await storeError { _ = try SQLiteStore.open(path: copy, access: .readWrite, billingTimeZone: .gmt) }
    guard case .tooNew = error else { throw TestFailure() }
    #expect(["", "-wal"].map { FileManager.default.contents(atPath: copy + $0) } == before)
    try newer.close()
  }

  @Test("A database that holds nothing yet is filled by whoever writes first")
  func empty() async throws {
    try sqlite("PRAGMA application_id = \(Schema.applicationID)")
    guard case .unusable = await openForReading() else { throw TestFailure() }
    try fixture.writer().close()
    try fixture.reader().close()
  }

  @Test("A database of an unreleased version is refused in one line and left as it is")
  func unreleased() async throws {
    try await fixture.fill()
    try sqlite("PRAGMA user_version = \(Schema.version - 1)")
    let before = try fixture.bytes()
    for error in [await openForWriting(), await openForReading()] {
      guard case .unusable(let line) = error else { throw TestFailure() }
      #expect(line.contains("schema \(Schema.version - 1)"))
      #expect(error?.isOneLine == true)
    }
    #expect(try fixture.bytes()[0] == before[0])
  }

  @Test("A file that is no database is damaged, in one line")
  func noDatabase() async throws {
    let text = Data(String(repeating: "not a database ", count: 1_000).utf8)
    try text.write(to: URL(filePath: fixture.path))
    for error in [await openForWriting(), await openForReading()] {
      guard case .damaged = error else { throw TestFailure() }
      #expect(error?.isOneLine == true)
    }
    #expect(try fixture.bytes()[0] == text)
  }

  @Test("A closed store refuses everything")
  func closed() async throws {
    let store = try fixture.writer()
    try store.close()
    for error in [
      await storeError { try await store.write { try $0.register([]) } },
      await storeError { _ = try await store.read { try $0.organizations().count } },
    ] {
      guard case .unusable(let line) = error else { throw TestFailure() }
      #expect(line.contains("closed"))
    }
  }
}

/// Something else happened than the test asks for.
struct TestFailure: Error {}
