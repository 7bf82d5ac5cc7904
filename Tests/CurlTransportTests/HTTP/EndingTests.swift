import CurlTransport
import QuotaCore
import TestSupport
import Testing

@Suite("An HTTP exchange that is no longer wanted", .timeLimit(.minutes(5)))
struct EndingTests {
  @Test("ends with its task, and so does its connection")
  func cancelled() async throws {
    let server = try ScriptedServer(.hang)
    let transport = try makeTransport()
    let task = Task { await transport.failure(of: TransportRequest(.get, url: Secret(server.url()))) }
    await server.log { $0.requests.count == 1 }
    task.cancel()
    #expect(await task.value == .cancelled)
    await server.log { $0.closedCount == 1 }
  }

  @Test("ends with the answer that has begun, where that suffices", arguments: [PartialAnswer.suffices, .cuts])
  func cancelledWithinBody(allowed: PartialAnswer) async throws {
    // More than sockets hold back: when it is sent, the head was read.
    let body = [UInt8](repeating: 0x61, count: 32 << 20)
    let (sent, sign) = AsyncStream<Void>.makeStream()
    let server = try ScriptedServer(session: { connection in
      while let line = connection.readLine(), !line.isEmpty {}
      let head = Array("HTTP/1.1 202 OK\r\nContent-Length: 99999999\r\n\r\n".utf8)
      _ = connection.send(head + body)
      sign.finish()
      connection.hang()
    })
    var request = TransportRequest(.get, url: Secret(server.url()), maximumAnswerSize: 64 << 20)
    request.partialAnswer = allowed
    let transport = try makeTransport()
    let task = Task { [request] in try? await transport.send(request) }
    for await _ in sent {}
    task.cancel()
    #expect(await task.value?.status == (allowed == .suffices ? 202 : nil))
  }

  @Test("is not even begun if its task is cancelled already")
  func cancelledBefore() async throws {
    let server = try ScriptedServer(.http())
    let transport = try makeTransport()
    let error = await Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return await transport.failure(of: TransportRequest(.get, url: Secret(server.url())))
    }.value
    #expect(error == .cancelled)
    #expect(server.log.connectionCount == 0)
  }

  @Test("among many leaves the others alone")
  func cancelledAmongMany() async throws {
    let server = try ScriptedServer { $0.target == "/hang" ? .hang : .http(text: $0.target) }
    let transport = try makeTransport()
    await withTaskGroup(of: Void.self) { group in
      for number in 0..<100 {
        group.addTask {
          if number.isMultiple(of: 2) {
            let task = Task { await transport.failure(of: TransportRequest(.get, url: Secret(server.url("/hang")))) }
            await server.log { log in log.requests.contains { $0.target == "/hang" } }
            task.cancel()
            #expect(await task.value == .cancelled)
          } else {
            let response = try? await transport.get(server.url("/\(number)"))
            #expect(response?.text == "/\(number)")
          }
        }
      }
    }
  }

  @Test("ends at its deadline")
  func deadline() async throws {
    let server = try ScriptedServer(.hang)
    let start = ContinuousClock.now
    let error = try await makeTransport().failure(
      of: TransportRequest(.get, url: Secret(server.url()), timeout: .seconds(1)))
    #expect(error?.kind == .timeout)
    #expect((.milliseconds(900)...(.seconds(60))).contains(start.duration(to: .now)))
  }

  @Test("ends when the transport is shut down, and later ones do not begin")
  func shutdown() async throws {
    let server = try ScriptedServer(.hang)
    let transport = try makeTransport()
    let task = Task { await transport.failure(of: TransportRequest(.get, url: Secret(server.url()))) }
    await server.log { $0.requests.count == 1 }
    await transport.shutdown()
    #expect(await task.value == .cancelled)
    #expect(await transport.failure(of: TransportRequest(.get, url: Secret(server.url()))) == .cancelled)
    await transport.shutdown()
    #expect(server.log.connectionCount == 1)
  }
}
