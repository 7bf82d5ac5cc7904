import CurlTransport
import Glibc
import QuotaCore
import TestSupport
import Testing

@Suite("Tasks that prefer the transport's thread", .timeLimit(.minutes(5)))
struct ExecutorTests {
  @Test("run on it before and after their requests, all of them")
  func oneThread() async throws {
    let server = try ScriptedServer { .http(text: $0.target) }
    let transport = try makeTransport()
    let threads = try await withTaskExecutorPreference(transport.executor) {
      try await withThrowingTaskGroup(of: [pthread_t].self) { group in
        for number in 0..<50 {
          group.addTask {
            let before = thread()
            let text = try await transport.get(server.url("/\(number)")).text
            #expect(text == "/\(number)")
            return [before, thread()]
          }
        }
        return try await group.reduce(into: Set([thread()])) { $0.formUnion($1) }
      }
    }
    #expect(threads.count == 1)
  }

  @Test("hold up no request, however busy they are")
  func busy() async throws {
    let server = try ScriptedServer { .http(text: $0.target) }
    let transport = try makeTransport()
    let text = try await withTaskExecutorPreference(transport.executor) {
      try await withThrowingTaskGroup(of: String?.self) { group in
        group.addTask {
          while !Task.isCancelled { await Task.yield() }
          return nil
        }
        group.addTask { try await transport.get(server.url("/answer")).text }
        defer { group.cancelAll() }
        return try await group.next() ?? nil
      }
    }
    #expect(text == "/answer")
  }

  @Test("go on elsewhere when it has ended")
  func ended() async throws {
    let server = try ScriptedServer { .http(text: $0.target) }
    let transport = try makeTransport()
    let failure = await withTaskExecutorPreference(transport.executor) {
      await transport.shutdown()
      await Task.yield()
      return await transport.failure(of: TransportRequest(.get, url: Secret(server.url())))
    }
    #expect(failure?.kind == .cancelled)
  }

  private func thread() -> pthread_t { pthread_self() }
}
