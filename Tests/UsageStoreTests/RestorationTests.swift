import Foundation
import GRDB
import QuotaCore
import Testing
@testable import UsageStore

@Suite("Restoring a backup")
struct RestorationTests {
  let fixture: StoreFixture
  private var backup: String { fixture.directory + "/backup.sqlite" }
  private static let now = Date.at("23T18:00")

  /// A database that has gone on since it was backed up at 12:00.
  init() async throws {
    fixture = try StoreFixture()
    try await fixture.fill { writer in
      try writer.record(reading(1, at: .at("23T10:00")))
      try writer.save(PollHistory().adding(nil, at: .at("23T10:00")), of: .acme)
    }
    _ = try SQLiteStore.backup(path: fixture.path, to: backup, at: .at("23T12:00"))
    try await fixture.fill { try $0.record(reading(2, at: .at("23T14:00"))) }
  }

  private func pages(_ path: String) async throws -> Int64? {
    let store = try SQLiteStore.open(path: path, access: .readOnly, billingTimeZone: .gmt)
    return try await store.read { try $0.organizations().first?.latest?.snapshot.counters.pages }
  }

  /// Whether whoever reads a database makes a file beside it.
  private static func isOfReaders(_ name: String) -> Bool {
    [".lock", "-shm", "-wal"].contains { name.hasSuffix($0) } && !name.contains(".tmp") && !name.contains(".replaced")
  }

  private var files: Set<String> {
    get throws { Set(try FileManager.default.contentsOfDirectory(atPath: fixture.directory)) }
  }

  @Test("The backup is in the place of the database, which is kept, and what is between is known not to be known")
  func restored() async throws {
    let restored = try SQLiteStore.restore(backup, to: fixture.path, overwrites: true, at: Self.now)
    #expect(restored.restoration.gap == Gap(from: .at("23T12:00"), to: Self.now))
    #expect(try await pages(fixture.path) == 1)
    #expect(try await pages(try #require(restored.kept)) == 2)
    #expect(try SQLiteStore.check(path: fixture.path) == [])
    #expect(try SQLiteStore.info(path: fixture.path).restorations == [restored.restoration])
    let attributes = try FileManager.default.attributesOfItem(atPath: fixture.path)
    #expect(attributes[.posixPermissions] as? Int == 0o600)
    let store = try fixture.writer()
    let state = try await store.read { try $0.states(of: [.acme])[.acme] }
    #expect(state?.history.gap == restored.restoration.gap)
    try await store.record(reading(3, at: .at("23T18:10")))
    try store.close()
    #expect(try await pages(fixture.path) == 3)
  }

  @Test("Where there is no database the backup becomes one, whatever of another is left beside")
  func elsewhere() async throws {
    let place = fixture.directory + "/elsewhere.sqlite"
    try Data(repeating: 7, count: 5_000).write(to: URL(filePath: place + "-wal"))
    let restored = try SQLiteStore.restore(backup, to: place, at: Self.now)
    #expect(restored.kept == nil)
    #expect(try await pages(place) == 1)
  }

  @Test("A copy that was made by other means is known until what it has stored last")
  func copied() async throws {
    let copy = fixture.directory + "/copy.sqlite"
    try FileManager.default.copyItem(atPath: fixture.path, toPath: copy)
    let restored = try SQLiteStore.restore(copy, to: fixture.path, overwrites: true, at: Self.now)
    #expect(restored.restoration.gap.from == .at("23T10:00"))
  }

  @Test("A clock that was ahead makes no gap that ends before it begins")
  func clockAhead() throws {
    let restored = try SQLiteStore.restore(backup, to: fixture.path, overwrites: true, at: .at("23T11:00"))
    #expect(restored.restoration.gap == Gap(from: .at("23T11:00"), to: .at("23T11:00")))
  }

  enum Obstacle: CaseIterable {
    case isThere, run, open, missing, empty, foreign, text, damaged, contradiction, otherTables, newer, itself,
      foreignPlace
  }

  @Test("Nothing is touched where that cannot be done", arguments: Obstacle.allCases)
  func refused(obstacle: Obstacle) async throws {
    var source = backup
    var overwrites = true
    let held: Any?
    func change(_ sql: String, of path: String) throws {
      let queue = try DatabaseQueue(path: path)
      try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
      try queue.close()
    }
    switch obstacle {
    case .isThere: (held, overwrites) = (nil, false)
    case .run: held = try RunLock(database: fixture.path)
    case .open:
      let store = try fixture.reader()
      _ = try await store.read { try $0.extent() }
      held = store
    case .missing: (held, source) = (nil, fixture.directory + "/nowhere.sqlite")
    case .empty:
      (held, source) = (nil, fixture.directory + "/empty.sqlite")
      try Data().write(to: URL(filePath: source))
    case .text:
      (held, source) = (nil, fixture.directory + "/text.sqlite")
      try Data("no database at all, but text".utf8).write(to: URL(filePath: source))
    case .foreign:
      (held, source) = (nil, fixture.directory + "/foreign.sqlite")
      try change("CREATE TABLE t (a)", of: source)
    case .damaged:
      held = nil
      let file = try #require(FileHandle(forUpdatingAtPath: backup))
      try file.seek(toOffset: 8_192)
      try file.write(contentsOf: Data(repeating: 0xA5, count: 40_000))
      try file.close()
    case .contradiction:
      held = nil
      try change("PRAGMA foreign_keys = OFF; DELETE FROM organization_months", of: backup)
    case .otherTables:
      held = nil
      try change("ALTER TABLE organizations ADD COLUMN further TEXT", of: backup)
    case .newer:
      held = nil
      try change("PRAGMA user_version = 99", of: backup)
    case .itself: (held, source) = (nil, fixture.path)
    case .foreignPlace:
      held = nil
      try FileManager.default.removeItem(atPath: fixture.path)
      try change("CREATE TABLE t (a)", of: fixture.path)
    }
    let (bytes, before) = (try fixture.bytes()[0], try files)
    let error = await storeError {
      _ = try SQLiteStore.restore(source, to: fixture.path, overwrites: overwrites, at: Self.now)
    }
    #expect(error?.isOneLine == true)
    #expect(try fixture.bytes()[0] == bytes)
    #expect(try files.subtracting(before).allSatisfy { Self.isOfReaders($0) })
    if case .inUse? = error { #expect([.run, .open].contains(obstacle)) } else { #expect(held == nil) }
    withExtendedLifetime(held) {}
  }

  struct Interruption: Error {}

  @Test("What fails before the end leaves the database as it was, and nothing behind")
  func interrupted() async throws {
    let before = try files
    #expect(throws: Interruption.self) {
      try SQLiteStore.restore(backup, to: fixture.path, overwrites: true, at: Self.now) { _ in throw Interruption() }
    }
    #expect(try files.subtracting(before).allSatisfy { Self.isOfReaders($0) })
    #expect(try await pages(fixture.path) == 2)
  }

  @Test("What a process has left that was killed half-way is in nobody's way, for a restoring and for a backup")
  func leftovers() async throws {
    for suffix in ["", "-journal", "-wal"] {
      try Data(repeating: 9, count: 20_000).write(to: URL(filePath: fixture.path + ".tmp" + suffix))
      try Data(repeating: 9, count: 20_000).write(to: URL(filePath: backup + ".tmp" + suffix))
    }
    try FileManager.default.linkItem(atPath: fixture.path, toPath: fixture.path + ".replaced-20261101T000000000Z")
    _ = try SQLiteStore.backup(path: fixture.path, to: backup, overwrites: true, at: .at("23T15:00"))
    let restored = try SQLiteStore.restore(backup, to: fixture.path, overwrites: true, at: Self.now)
    #expect(try SQLiteStore.check(path: fixture.path) == [])
    #expect(
      try files.filter { $0.contains(".replaced-") || $0.contains(".tmp") }
        == [String(try #require(restored.kept?.split(separator: "/").last))])
  }

  @Test("Another process that makes the same file is waited for by nobody")
  func twice() async throws {
    let error = await storeError {
      _ = try SQLiteStore.restore(backup, to: fixture.path, overwrites: true, at: Self.now) { _ in
        _ = try DatabaseDraft(of: DatabaseFile(fixture.path))
      }
    }
    guard case .inUse = error else { throw TestFailure() }
  }

  @Test("A database that is damaged gives way, and is kept with its log", arguments: [0, 100, 8_192])
  func damagedPlace(offset: UInt64) async throws {
    let log = Data(repeating: 5, count: 3_000)
    try log.write(to: URL(filePath: fixture.path + "-wal"))
    let file = try #require(FileHandle(forUpdatingAtPath: fixture.path))
    try file.seek(toOffset: offset)
    try file.write(contentsOf: Data(repeating: 0xA5, count: 16_000))
    try file.close()
    let bytes = try fixture.bytes()[0]
    let restored = try SQLiteStore.restore(backup, to: fixture.path, overwrites: true, at: Self.now)
    #expect(try SQLiteStore.check(path: fixture.path) == [])
    #expect(try await pages(fixture.path) == 1)
    if offset == 0 {
      let kept = try #require(restored.kept)
      #expect(FileManager.default.contents(atPath: kept) == bytes)
      #expect(FileManager.default.contents(atPath: kept + "-wal") == log)
    }
  }

  @Test("What stood in the log of the database that gives way is in what is kept")
  func log() async throws {
    let store = try fixture.writer()
    try await store.record(reading(7, at: .at("23T16:00")))
    // A process that was killed has closed nothing: its log is still there.
    let killed = fixture.directory + "/killed.sqlite"
    for suffix in ["", "-wal"] {
      try FileManager.default.copyItem(atPath: fixture.path + suffix, toPath: killed + suffix)
    }
    try store.close()
    let restored = try SQLiteStore.restore(backup, to: killed, overwrites: true, at: Self.now)
    #expect(try await pages(try #require(restored.kept)) == 7)
    #expect(try await pages(killed) == 1)
  }

  @Test("What waits to be told is marked as possibly told, what was told is not")
  func marked() async throws {
    let path = fixture.directory + "/outbox.sqlite"
    let other = try SQLiteStore.open(path: path, access: .readWrite, billingTimeZone: .gmt)
    try await other.write { writer in
      try writer.enqueue([event("told")], [delivery("told", status: .delivered)])
      try writer.enqueue([event("sent")], [delivery("sent")])
      try writer.enqueue([event("waits")], [notice(event("waits"))])
    }
    try other.close()
    _ = try SQLiteStore.backup(path: path, to: backup, overwrites: true, at: .at("23T12:00"))
    _ = try SQLiteStore.restore(backup, to: fixture.path, overwrites: true, at: Self.now)
    let marks = try await fixture.reader().read { reader in
      try ["told", "sent", "waits"].map { try reader.event(EventID(rawValue: $0))?.possibleRepetitionSince }
    }
    #expect(marks == [nil, .at("23T12:00"), .at("23T12:00")])
  }
}
