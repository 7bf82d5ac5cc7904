import TestSupport
import Testing

@testable import QuotaService

@Suite("Batches of what comes")
struct BatchesTests {
  private static func batches(
    of elements: [Int], size: Int, _ clock: TestClock
  ) async -> [[Int]] {
    let (stream, inlet) = AsyncStream<Int>.makeStream()
    var batches: [[Int]] = []
    var iterator = Batches(of: stream, by: clock.stopwatch(), size: size)
    for element in elements { inlet.yield(element) }
    inlet.finish()
    while let batch = await iterator.next() { batches.append(batch) }
    return batches
  }

  @Test("are full ones, and the rest at the end")
  func full() async throws {
    let clock = try #require(TestClock(iso8601: "2026-11-23T12:00:00.000Z"))
    #expect(await Self.batches(of: Array(1...7), size: 3, clock) == [[1, 2, 3], [4, 5, 6], [7]])
    #expect(await Self.batches(of: [], size: 3, clock) == [])
  }

  @Test("do not wait to be full when more comes after a while")
  func partial() async throws {
    let clock = try #require(TestClock(iso8601: "2026-11-23T12:00:00.000Z"))
    let (stream, inlet) = AsyncStream<Int>.makeStream()
    let task = Task {
      var batches = Batches(of: stream, by: clock.stopwatch(), size: 100, longestWait: 0)
      return await batches.next()
    }
    inlet.yield(1)
    #expect(await task.value == [1])
  }

  @Test("hold also what had come when the task was cancelled")
  func cancelled() async throws {
    let clock = try #require(TestClock(iso8601: "2026-11-23T12:00:00.000Z"))
    let (stream, inlet) = AsyncStream<Int>.makeStream()
    for element in 1...5 { inlet.yield(element) }
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      var gathered: [[Int]] = []
      for await batch in Batches(of: stream, by: clock.stopwatch(), size: 3) { gathered.append(batch) }
      return gathered
    }
    #expect(await task.value == [[1, 2, 3], [4, 5]])
  }
}
