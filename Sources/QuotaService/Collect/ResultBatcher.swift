import FoundationEssentials
import QuotaCore

/// Gathers results and commits them in batches: a full one at once, a partial one when it has waited long enough.
actor ResultBatcher<Element: Sendable> {
  private let size: Int
  private let longestWait: Double
  private let elapsed: Stopwatch
  private let commit: @Sendable ([Element]) async throws -> Void
  private var waiting: [Element] = []
  private var oldest = 0.0

  /// - Parameters:
  ///   - size: how many results make a full batch.
  ///   - longestWait: after how many seconds a partial batch is committed, so that alerts of a long run are told in
  ///     time.
  init(
    size: Int = 250, longestWait: Double = 2, elapsed: Stopwatch,
    commit: @escaping @Sendable ([Element]) async throws -> Void
  ) {
    self.size = size
    self.longestWait = longestWait
    self.elapsed = elapsed
    self.commit = commit
  }

  /// Adds a result and commits the batch if it is due.
  func add(_ result: Element) async throws {
    if waiting.isEmpty { oldest = elapsed.seconds }
    waiting.append(result)
    if waiting.count >= size || elapsed.seconds >= oldest + longestWait { try await flush() }
  }

  /// Commits what waits.
  func flush() async throws {
    guard !waiting.isEmpty else { return }
    let batch = waiting
    waiting = []
    try await commit(batch)
  }
}
