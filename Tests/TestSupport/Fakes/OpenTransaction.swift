import Dispatch
package import QuotaCore

/// A transaction that writes, and lasts until it is ended: what another process does to a store.
package final class OpenTransaction: Sendable {
  private let end = DispatchSemaphore(value: 0)
  private let task: Task<Void, any Error>

  /// Returns when the transaction has begun.
  package init(in store: any UsageStore) async {
    let (begun, begin) = AsyncStream.makeStream(of: Void.self)
    task = Task { [end] in
      defer { begin.finish() }
      try await store.write { _ in
        begin.finish()
        end.wait()
      }
    }
    for await _ in begun {}
  }

  /// Returns when it is committed.
  package func commit() async throws {
    end.signal()
    try await task.value
  }
}
