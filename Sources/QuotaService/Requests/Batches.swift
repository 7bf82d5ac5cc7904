/// What comes, gathered: a full batch at once, a partial one when more comes after it has waited long enough, so that alerts
/// of a long run are told in time, and the rest at the end.
struct Batches<Element: Sendable>: AsyncSequence, AsyncIteratorProtocol {
  private var elements: AsyncStream<Element>.Iterator
  private let elapsed: Stopwatch
  private let size: Int
  private let longestWait: Double

  /// - Parameters:
  ///   - size: how many make a full batch.
  ///   - longestWait: after how many seconds a partial batch is handed over.
  init(of elements: AsyncStream<Element>, by elapsed: Stopwatch, size: Int = 250, longestWait: Double = 2) {
    self.elements = elements.makeAsyncIterator()
    self.elapsed = elapsed
    self.size = size
    self.longestWait = longestWait
  }

  func makeAsyncIterator() -> Self { self }

  /// Hands over what was gathered also in a task that is cancelled meanwhile.
  mutating func next() async -> [Element]? {
    var batch: [Element] = []
    var oldest = 0.0
    while let element = await elements.next() {
      if batch.isEmpty { oldest = elapsed.seconds }
      batch.append(element)
      if batch.count >= size || elapsed.seconds >= oldest + longestWait { break }
    }
    return batch.isEmpty ? nil : batch
  }
}
