import Foundation
import QuotaCore
import Testing

@Suite("One transaction")
struct TransactionContractTests {
  private struct Interruption: Error {}

  /// Changes something of every kind.
  private static func change(_ writer: any StoreWriter) throws {
    try writer.record(reading(2, at: .at("23T11:00")))
    try writer.save([alert()])
    try writer.enqueue([event("e")], [delivery("e")])
  }

  private static func isUnchanged(_ store: PlacedStore) async throws -> Bool {
    try await store.read { reader in
      let state = try reader.states(of: [.acme])[.acme]
      return try state?.months[.november]?.snapshot.counters.pages == 1 && state?.alerts == []
        && reader.event(EventID(rawValue: "e")) == nil && reader.pendingDeliveryCount() == 0
    }
  }

  @Test("A body that throws leaves everything as it was", arguments: StoreEngine.all)
  func rollback(engine: StoreEngine) async throws {
    let store = try engine.store()
    try await store.record(reading(1, at: .at("23T10:00")))
    await #expect(throws: Interruption.self) {
      try await store.write { writer in
        try Self.change(writer)
        throw Interruption()
      }
    }
    #expect(try await Self.isUnchanged(store))
  }

  @Test("A dry run sees what it has written, and leaves everything as it was", arguments: StoreEngine.all)
  func dryRun(engine: StoreEngine) async throws {
    let store = try engine.store()
    let snapshot = try await store.record(reading(1, at: .at("23T10:00"))).snapshot
    let pages = try await store.dryRun { writer in
      try Self.change(writer)
      #expect(try writer.pendingDeliveryCount() == 1)
      return try writer.states(of: [.acme])[.acme]?.months[.november]?.snapshot.counters.pages
    }
    #expect(pages == 2)
    #expect(try await Self.isUnchanged(store))
    await #expect(throws: Interruption.self) {
      try await store.dryRun { writer in
        try Self.change(writer)
        throw Interruption()
      }
    }
    #expect(try await Self.isUnchanged(store.another()))
    // What comes next is as if nothing had been, ids included.
    #expect(try await store.record(reading(2, at: .at("23T11:00"))).snapshot.id == snapshot.id + 1)
  }

  @Test("A reader keeps its view while somebody writes, and has the new one afterwards", arguments: StoreEngine.all)
  func isolation(engine: StoreEngine) async throws {
    let writer = try engine.store()
    try await writer.record(reading(1, at: .at("23T10:00")))
    let reader = try writer.another()
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

  @Test("Two that write take turns, and lose nothing of each other's", arguments: StoreEngine.all)
  func turns(engine: StoreEngine) async throws {
    let store = try engine.store()
    let stores = [store, try store.another()]
    try await withThrowingTaskGroup { group in
      for (number, store) in stores.enumerated() {
        group.addTask {
          for index in 0..<20 {
            try await store.record(
              reading(1, at: .at("23T10:00"), of: OrganizationID("organization-\(number)-\(index)")))
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(try await store.read { try $0.organizations().count } == 40)
    #expect(try store.problems() == [])
  }

  @Test("A cancelled task still gets a whole transaction", arguments: StoreEngine.all)
  func cancellation(engine: StoreEngine) async throws {
    let store = try engine.store()
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      try await store.record(reading(1, at: .at("23T10:00")))
    }
    _ = try await task.value
    #expect(try await store.read { try $0.organizations().count } == 1)
  }
}
