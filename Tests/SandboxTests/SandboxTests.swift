import Foundation
import QuotaCore
import Sandbox
import Testing

@Suite(.timeLimit(.minutes(5)))
struct `A sandbox` {
  @Test func `runs beside others in one process`() async throws {
    try await withSandbox { first async throws in
      try await withSandbox { second async throws in
        #expect(first.port != second.port)
        first.vendor.inject(.status(500))
        #expect(try await usage(first, key: "acme-key")?.status == 500)
        #expect(try await usage(second, key: "acme-key")?.status == 200)
      }
    }
  }

  @Test func `stops although requests hang, and frees its ports`() async throws {
    let moment = try time("2026-11-05T12:00:00Z")
    let sandbox = try await Sandbox.start(
      organizations: [SimulatedOrganization(id: acme, keys: ["acme-key"])], clock: .manual(moment))
    sandbox.vendor.inject(.hang)
    async let hanging = usage(sandbox, key: "acme-key")
    try await sandbox.vendor.requests.wait(untilTotal: 1)
    await sandbox.stop()
    let answer = try await hanging
    #expect(answer == nil || answer?.status == 500)
    let again = try await Sandbox.start(clock: .manual(moment), port: sandbox.port, mailPort: sandbox.mail.port)
    #expect(again.port == sandbox.port)
    #expect(again.mail.port == sandbox.mail.port)
    await again.stop()
    // A second time does nothing.
    await again.stop()
  }

  @Test func `says which port it could not have`() async throws {
    try await withSandbox { sandbox async throws in
      let http = await #expect(throws: SandboxError.self) {
        _ = try await Sandbox.start(clock: .system, port: sandbox.port)
      }
      #expect(http.map { "\($0)".contains("for HTTP on 127.0.0.1:\(sandbox.port)") } == true)
      let mail = await #expect(throws: SandboxError.self) {
        _ = try await Sandbox.start(clock: .system, mailPort: sandbox.mail.port)
      }
      #expect(mail.map { "\($0)".contains("for SMTP on 127.0.0.1:\(sandbox.mail.port)") } == true)
    }
  }

  @Test func `keeps no port if it could not have the other`() async throws {
    try await withSandbox { sandbox async throws in
      // Somebody else may take a port that was just given up, so that more than one is tried.
      for attempt in 1...5 {
        let sink = try await MailSink.start()
        await sink.stop()
        await #expect(throws: SandboxError.self) {
          _ = try await Sandbox.start(clock: .system, port: sandbox.port, mailPort: sink.port)
        }
        do {
          try await MailSink.start(port: sink.port).stop()
          return
        } catch {
          if attempt == 5 { throw error }
        }
      }
    }
  }

  @Test func `stops when the body throws or is cancelled`() async throws {
    struct Stop: Error {}
    let (ports, continuation) = AsyncStream<Int>.makeStream()
    await #expect(throws: Stop.self) {
      try await Sandbox.withRunning(clock: .system) { sandbox async throws in
        continuation.yield(sandbox.port)
        throw Stop()
      }
    }
    let running = Task {
      try await Sandbox.withRunning(clock: .system) { sandbox async throws in
        continuation.yield(sandbox.port)
        try await Task.sleep(for: .seconds(3_600))
      }
    }
    var iterator = ports.makeAsyncIterator()
    let first = try #require(await iterator.next())
    let second = try #require(await iterator.next())
    running.cancel()
    await #expect(throws: CancellationError.self) { try await running.value }
    for port in [first, second] {
      await #expect(throws: RawConnection.Failure.self) { try await onThread { _ = try RawConnection(port: port) } }
    }
  }

  @Test func `keeps a connection open for further requests`() async throws {
    try await withSandbox { sandbox async throws in
      let port = sandbox.port
      let statuses = try await onThread {
        var connection = try RawConnection(port: port)
        var statuses: [String?] = []
        for _ in 0..<3 {
          try connection.send("GET /api/usage HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer acme-key\r\n\r\n")
          statuses.append(try connection.line())
          var length = 0
          while let line = try connection.line(), !line.isEmpty {
            if line.lowercased().hasPrefix("content-length: ") { length = Int(line.dropFirst(16)) ?? 0 }
          }
          _ = try connection.bytes(length)
        }
        return statuses
      }
      #expect(statuses == Array(repeating: "HTTP/1.1 200 OK", count: 3))
    }
  }
}
