import Foundation
import GRDB
import QuotaCore
import Testing

@testable import UsageStore

@Suite("One transaction")
struct TransactionTests {
  private struct Interruption: Error {}

  @Test("A body that throws leaves everything as it was")
  func rollback() async throws {
    let fixture = try StoreFixture()
    let store = try fixture.writer()
    try await store.record(reading(1, at: .at("23T10:00")))
    await #expect(throws: Interruption.self) {
      try await store.write { writer in
        try writer.record(reading(2, at: .at("23T11:00")))
        try writer.save([alert()])
        try writer.enqueue([event("e")], [delivery("e")])
        throw Interruption()
      }
    }
    try await store.read { reader in
      let state = try #require(try reader.states(of: [.acme])[.acme])
      #expect(state.months[.november]?.snapshot.counters.pages == 1)
      #expect(state.alerts.isEmpty)
      #expect(try reader.event(EventID(rawValue: "e")) == nil)
      #expect(try reader.pendingDeliveryCount() == 0)
    }
  }

  @Test("A reader keeps its view while somebody writes, and has the new one afterwards")
  func isolation() async throws {
    let fixture = try StoreFixture()
    let writer = try fixture.writer()
    try await writer.record(reading(1, at: .at("23T10:00")))
    let reader = try fixture.reader()
    let (started, start) = AsyncStream.makeStream(of: Void.self)
    let written = DispatchSemaphore(value: 0)
    async let views = reader.read { reader in
      let before = try reader.organizations().count
      start.finish()
      written.wait()
      return [before, try reader.organizations().count]
    }
    for await _ in started {}
    try await writer.record(reading(1, at: .at("23T10:00"), of: .globex))
    written.signal()
    #expect(try await views == [1, 1])
    #expect(try await reader.read { try $0.organizations().count } == 2)
  }

  @Test("A cancelled task still gets a whole transaction")
  func cancellation() async throws {
    let fixture = try StoreFixture()
    let store = try fixture.writer()
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      try await store.record(reading(1, at: .at("23T10:00")))
    }
    _ = try await task.value
    #expect(try await store.read { try $0.organizations().count } == 1)
  }

  @Test("After a commit that failed nothing more is done")
  func outcomeUnknown() async throws {
    let fixture = try StoreFixture()
    let store = try fixture.writer()
    let first = await storeError {
      try await store.write { writer in
        let database = try #require(writer as? StoreTransaction).database
        try database.execute(sql: "PRAGMA defer_foreign_keys = ON")
        try database.execute(sql: "INSERT INTO snapshots VALUES (1, 'nobody', '2026-11', 1, 1, 'a', 'b')")
      }
    }
    guard case .outcomeUnknown(let line) = first else { throw TestFailure() }
    #expect(line.contains(store.path))
    #expect(first?.isOneLine == true)
    #expect(await storeError { try await store.write { try $0.register([]) } } == first)
    #expect(await storeError { _ = try await store.read { try $0.organizations().count } } == first)
    try store.close()
    try fixture.writer().close()
  }

  @Test("A full disk is one line, and what was there stays")
  func full() async throws {
    let fixture = try StoreFixture()
    let store = try fixture.writer()
    try await store.record(reading(1, at: .at("23T10:00")))
    let setLimit = { (pages: Int) in
      _ = try await store.queue.writeWithoutTransaction {
        try Int.fetchOne($0, sql: "PRAGMA max_page_count = \(pages)")
      }
    }
    try await setLimit(1)
    let error = await storeError {
      try await store.write { writer in
        for minute in 1...5_000 {
          try writer.record(reading(Int64(minute + 1), at: .at("23T10:00") + .minutes(Int64(minute))))
        }
      }
    }
    guard case .unusable(let line) = error else { throw TestFailure() }
    #expect(line.contains("no space"))
    #expect(try await store.read { try $0.states(of: [.acme])[.acme]?.months[.november]?.snapshot.counters.pages } == 1)
    try await setLimit(1_000_000)
    try await store.record(reading(9_000, at: .at("29T10:00")))
    #expect(
      try await store.read { try $0.states(of: [.acme])[.acme]?.months[.november]?.snapshot.counters.pages } == 9_000)
  }

  @Test("A statement outside of a transaction changes nothing")
  func abortedByItself() async throws {
    let fixture = try StoreFixture()
    let store = try fixture.writer()
    let error = await storeError {
      try await store.write { writer in
        try #require(writer as? StoreTransaction).database.rollback()
        try? writer.register([Organization(id: .acme)])
      }
    }
    guard case .unusable = error else { throw TestFailure() }
    #expect(try await store.read { try $0.states(of: [.acme]) }.isEmpty)
  }
}
