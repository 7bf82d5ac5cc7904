import QuotaCore
import Synchronization
import UsageStore

/// Connections that only read, kept for who reads next: opening one takes longer than most questions.
package final class ReadingPool: Sendable {
  private let idle = Mutex<[SQLiteStore]>([])
  private let watch = Mutex<(store: SQLiteStore, generation: Int)?>(nil)

  /// How many are kept.
  private static let size = 4

  package init() {}

  /// What tells the database as it is now from how it was.
  struct DataVersion: Hashable, Sendable {
    /// Grows when the file is replaced.
    fileprivate let generation: Int
    fileprivate let number: Int64
  }

  /// The same as long as nobody has changed the database.
  func version(_ open: () throws -> SQLiteStore) throws -> DataVersion {
    try watch.withLock { watch in
      if let known = watch, known.store.isAtItsPath {
        return DataVersion(generation: known.generation, number: try known.store.dataVersion())
      }
      let next = (store: try open(), generation: (watch?.generation ?? 0) + 1)
      watch = next
      return DataVersion(generation: next.generation, number: try next.store.dataVersion())
    }
  }

  /// A connection for as long as it is held: an idle one, or what `open` opens. One whose file was replaced is not used
  /// again.
  func store(_ open: () throws -> SQLiteStore) rethrows -> any UsageStore {
    while let store = idle.withLock({ $0.popLast() }) {
      if store.isAtItsPath { return Borrowed(store, self) }
    }
    return Borrowed(try open(), self)
  }

  /// Closes the connections that nobody uses, and so lets go of what they keep of the database.
  func closeIdle() {
    idle.withLock { $0 = [] }
  }

  private func giveBack(_ store: SQLiteStore) {
    idle.withLock { idle in
      if idle.count < Self.size { idle.append(store) }
    }
  }

  /// A connection that goes back when nobody holds it any more.
  private final class Borrowed: UsageStore {
    private let store: SQLiteStore
    private let pool: ReadingPool

    init(_ store: SQLiteStore, _ pool: ReadingPool) {
      (self.store, self.pool) = (store, pool)
    }

    deinit { pool.giveBack(store) }

    func read<Value: Sendable>(
      _ body: @Sendable @escaping (any StoreReader) throws -> Value
    ) async throws -> Value { try await store.read(body) }

    func write<Value: Sendable>(
      _ body: @Sendable @escaping (any StoreWriter) throws -> Value
    ) async throws -> Value { try await store.write(body) }

    func dryRun<Value: Sendable>(
      _ body: @Sendable @escaping (any StoreWriter) throws -> Value
    ) async throws -> Value { try await store.dryRun(body) }
  }
}
