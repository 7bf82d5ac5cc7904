import Foundation
import QuotaCore
import Testing
import UsageStore

@Suite("A SQLite file that was opened for dry runs")
struct DryRunTests {
  let fixture: StoreFixture

  init() throws {
    fixture = try StoreFixture()
  }

  private func store() throws -> SQLiteStore {
    try SQLiteStore.open(path: fixture.path, access: .dryRun, billingTimeZone: .gmt)
  }

  /// Far more than is held in memory otherwise.
  private static func fill(_ writer: any StoreWriter) throws -> Int {
    for index in 0..<20_000 {
      try writer.record(reading(1, at: .at("23T10:00"), of: OrganizationID("organization-\(index)")))
    }
    return try writer.organizations().count
  }

  @Test("Where there is nothing yet, it sees what it has written, and makes no file", arguments: [false, true])
  func nothing(isThere: Bool) async throws {
    if isThere { #expect(FileManager.default.createFile(atPath: fixture.path, contents: nil)) }
    let before = try fixture.bytes()
    let store = try store()
    #expect(try await store.dryRun { try Self.fill($0) } == 20_000)
    #expect(try await store.read { try $0.organizations().count } == 0)
    try store.close()
    #expect(try fixture.bytes() == before)
  }

  @Test("What is there it sees and leaves as it was, to the byte, however much it has written")
  func something() async throws {
    try await fixture.fill { try $0.record(reading(1, at: .at("23T10:00"))) }
    let before = try fixture.bytes()
    let store = try store()
    #expect(try await store.dryRun { try Self.fill($0) } == 20_001)
    #expect(try fixture.bytes()[0] == before[0])
    #expect(try fixture.bytes()[1]?.isEmpty != false)
    try store.close()
    #expect(try fixture.bytes() == before)
  }

  @Test("It refuses to write, and a file of others as anybody does")
  func refusals() async throws {
    let error = await storeError { try await store().write { try $0.register([]) } }
    guard case .unusable = error else { throw TestFailure() }
    try Data(repeating: 0x41, count: 8_192).write(to: URL(filePath: fixture.path))
    guard case .damaged = await storeError({ _ = try store() }) else { throw TestFailure() }
  }
}
