import Foundation
import Testing

@Suite("The server, as a service manager starts it", .timeLimit(.minutes(5)))
struct ServeProgramTests {
  /// Where the server tells how it fares.
  private final class Manager {
    let name = "@quotawatch-\(UUID())"
    /// What the server says once it is ready, or ready again.
    let statuses: AsyncStream<String>
    private let source: any DispatchSourceRead

    init() {
      let descriptor = socket(
        AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
      source = DispatchSource.makeReadSource(fileDescriptor: descriptor)
      let (statuses, continuation) = AsyncStream.makeStream(of: String.self)
      self.statuses = statuses
      var address = sockaddr_un()
      address.sun_family = sa_family_t(AF_UNIX)
      let bytes = [0] + name.utf8.dropFirst()
      withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
      let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
      let result = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
      }
      #expect(result == 0)
      source.setEventHandler {
        var buffer = [UInt8](repeating: 0, count: 4_096)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        let text = String(decoding: buffer[..<max(0, count)], as: UTF8.self)
        let beginning = "READY=1\nSTATUS="
        if text.hasPrefix(beginning) { continuation.yield(String(text.dropFirst(beginning.count))) }
      }
      source.setCancelHandler { close(descriptor) }
      source.activate()
    }

    deinit { source.cancel() }

    func nextStatus() async throws -> String {
      for await status in statuses { return status }
      throw CancellationError()
    }
  }

  @Test("goes on with the file that it began with and at its port, though nobody reads its log")
  func reloads() async throws {
    try await BuiltProgram.withFolder { folder async throws in
      let (file, elsewhere) = (folder.appending(path: "alerts.json"), folder.appending(path: ".config/quotawatch"))
      let organization = #"{ "id": "acme", "api_key": { "env": "KEY" } }"#
      let text = #"{ "database": "\#(folder.path)/quotawatch.sqlite", "organizations": [\#(organization)] }"#
      try Data(text.utf8).write(to: file)
      try FileManager.default.createDirectory(at: elsewhere, withIntermediateDirectories: true)
      try Data(text.utf8).write(to: elsewhere.appending(path: "alerts.json"))
      let manager = Manager()
      let server = Process()
      server.executableURL = try BuiltProgram.binary
      server.arguments = ["serve", "--listen", "127.0.0.1:0", "--log-level", "info"]
      server.currentDirectoryURL = folder
      server.environment = ["HOME": folder.path, "KEY": "key", "NOTIFY_SOCKET": manager.name]
      let (output, log) = (Pipe(), Pipe())
      (server.standardOutput, server.standardError) = (output, log)
      try server.run()
      defer { server.terminate() }
      let listening = try await manager.nextStatus()
      #expect(listening.hasPrefix("listening at http://127.0.0.1:") && !listening.hasSuffix(":0"))
      try log.fileHandleForReading.close()

      #expect(kill(server.processIdentifier, SIGHUP) == 0)
      #expect(try await manager.nextStatus() == listening)
      try FileManager.default.removeItem(at: file)
      #expect(kill(server.processIdentifier, SIGHUP) == 0)
      #expect(try await manager.nextStatus() == "the configuration on the disk is wrong; the one before stays")
      try Data(text.utf8).write(to: file)
      #expect(kill(server.processIdentifier, SIGHUP) == 0)
      #expect(try await manager.nextStatus() == listening)
    }
  }
}
