import Foundation
import GRDB
import QuotaCore
import Testing

@testable import UsageStore

@Suite("A transaction in a SQLite file")
struct TransactionTests {
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
