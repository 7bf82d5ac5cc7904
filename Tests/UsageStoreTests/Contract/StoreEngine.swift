import FoundationEssentials
import QuotaCore
import Testing
import UsageStore

/// An engine that keeps a store. Whatever the ports promise is tested on each of them; what is an engine's own, such as its
/// files, has tests of its own.
struct StoreEngine: Sendable, CustomTestStringConvertible {
  let testDescription: String
  private let place: @Sendable () throws -> any StorePlace

  /// Every engine: a further one is a line here.
  static let all = [StoreEngine(testDescription: "SQLite") { try StoreFixture() }]

  private init(testDescription: String, _ place: @Sendable @escaping () throws -> any StorePlace) {
    self.testDescription = testDescription
    self.place = place
  }

  /// A new store that holds nothing.
  func store(in zone: TimeZone = .gmt) throws -> PlacedStore { try PlacedStore(in: place(), zone: zone) }
}

/// Where a store of its own is kept for one test; it goes away with the value.
protocol StorePlace: Sendable {
  /// Opens the store that is there, or a new one. Any number may be open at once.
  func open(in zone: TimeZone) throws -> any UsageStore

  /// What the engine's own check finds wrong: one line a problem.
  func problems() throws -> [String]
}

/// A store and its place.
struct PlacedStore: UsageStore {
  private let place: any StorePlace
  private let store: any UsageStore

  init(in place: any StorePlace, zone: TimeZone) throws {
    self.place = place
    store = try place.open(in: zone)
  }

  /// Another one in the same place, as another process has it.
  func another(in zone: TimeZone = .gmt) throws -> PlacedStore { try PlacedStore(in: place, zone: zone) }

  func problems() throws -> [String] { try place.problems() }

  func read<Value: Sendable>(_ body: @Sendable @escaping (any StoreReader) throws -> Value) async throws -> Value {
    try await store.read(body)
  }

  func write<Value: Sendable>(_ body: @Sendable @escaping (any StoreWriter) throws -> Value) async throws -> Value {
    try await store.write(body)
  }

  func dryRun<Value: Sendable>(_ body: @Sendable @escaping (any StoreWriter) throws -> Value) async throws -> Value {
    try await store.dryRun(body)
  }
}

extension StoreFixture: StorePlace {
  func open(in zone: TimeZone) throws -> any UsageStore { try writer(zone: zone) }

  func problems() throws -> [String] { try SQLiteStore.check(path: path) }
}
