import Foundation
import QuotaCore
import Testing
import UsageStore

@Suite("The inbox beside the database")
struct LedgerInboxTests {
  @Test("The inbox gives back what it took, once or again, and drops a line that was never finished")
  func inbox() async throws {
    let fixture = try StoreFixture()
    let reports = try LedgerTests.month()
    let inbox = try LedgerInbox(database: fixture.path)
    try await inbox.append(Array(reports.prefix(2)))
    let torn = Array(#"{"organization_id":"acme","ki"#.utf8)
    let file = try #require(FileHandle(forWritingAtPath: inbox.path))
    try file.seekToEnd()
    try file.write(contentsOf: torn)
    try file.close()
    let waiting = FileManager.default.contents(atPath: inbox.path)
    try await inbox.append(Array(reports.dropFirst(2)))
    let store = try fixture.writer()
    #expect(try await inbox.drain(into: store) == .init(taken: 6, unreadable: 0))
    #expect(!inbox.hasReports)
    // As if the process had been killed between taking the reports and emptying the file.
    try #require(waiting).write(to: URL(filePath: inbox.path))
    #expect(try await inbox.drain(into: store) == .init(taken: 2, unreadable: 0))
    #expect(try await store.read { try LedgerTests.november($0) }?.succeeded == 2)
  }

  @Test("The inbox belongs to whom its folder belongs, where root makes it", .enabled(if: geteuid() == 0))
  func owner() async throws {
    let fixture = try StoreFixture()
    #expect(chown(fixture.directory, 1_234, 1_235) == 0)
    let inbox = try LedgerInbox(database: fixture.path)
    try await inbox.append([try LedgerTests.month()[0]])
    let attributes = try FileManager.default.attributesOfItem(atPath: inbox.path)
    #expect(attributes[.ownerAccountID] as? Int == 1_234)
  }

  @Test("Another end than the one that is known stays out of the ledger, and is told")
  func contradictions() async throws {
    let fixture = try StoreFixture()
    let inbox = try LedgerInbox(database: fixture.path)
    let known = try LedgerTests.month()[1]
    let other = ExecutionReport(key: known.key, status: .error, origin: .webhook, seenAt: known.seenAt)
    try await inbox.append([known, other])
    let store = try fixture.writer()
    let drained = try await inbox.drain(into: store)
    #expect(drained.contradictions.keys.map(\.id) == [known.key.id])
    #expect(drained.contradictions[known.key]?.said.status == .error)
    #expect(try await store.read { try LedgerTests.november($0) }?.failed == 0)
  }

  @Test("A damaged line of the inbox is kept aside and holds up nothing")
  func damaged() async throws {
    let fixture = try StoreFixture()
    let inbox = try LedgerInbox(database: fixture.path)
    try Data("not a report\n".utf8).write(to: URL(filePath: inbox.path))
    try await inbox.append([try LedgerTests.month()[0]])
    let store = try fixture.writer()
    #expect(try await inbox.drain(into: store) == .init(taken: 1, unreadable: 1))
    #expect(FileManager.default.contents(atPath: inbox.path + ".damaged")?.starts(with: Data("not a".utf8)) == true)
    #expect(!inbox.hasReports)
  }
}
