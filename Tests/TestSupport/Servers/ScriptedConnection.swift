import Glibc

/// One connection to a ``ScriptedServer``, used by its own thread.
package final class ScriptedConnection {
  /// From 1, in the order of accepting.
  package let number: Int
  private let descriptor: Int32
  private let core: ServerCore
  private var buffer: [UInt8] = []
  /// `POLLRDHUP`, which the C library shows to GNU programs only.
  private static let peerHasClosed: Int16 = 0x2000

  init(_ descriptor: Int32, number: Int, of core: ServerCore) {
    self.descriptor = descriptor
    self.number = number
    self.core = core
  }

  /// The next line without its end; nil at the end of the connection.
  package func readLine() -> String? {
    guard let line = takeLine() else { return nil }
    core.log.change { $0.lines.append(line) }
    return line
  }

  /// So many bytes; nil if the connection ends before.
  package func read(_ count: Int) -> [UInt8]? {
    while buffer.count < count { guard receive() else { return nil } }
    defer { buffer.removeFirst(count) }
    return Array(buffer.prefix(count))
  }

  /// False if the other side has gone.
  @discardableResult
  package func send(_ bytes: [UInt8]) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  @discardableResult
  package func send(_ text: String) -> Bool { send(Array(text.utf8)) }

  /// Says nothing until the server releases it or the other side has gone.
  package func hang() {
    var waits = [
      pollfd(fd: descriptor, events: Self.peerHasClosed, revents: 0),
      pollfd(fd: core.gate.read, events: Int16(POLLIN), revents: 0),
    ]
    while poll(&waits, nfds_t(waits.count), -1) < 0, errno == EINTR {}
  }

  /// The next HTTP request, with its body if it has a `Content-Length`.
  func readRequest() -> ReceivedRequest? {
    guard let first = takeLine() else { return nil }
    var headers: [(name: String, value: String)] = []
    while let line = takeLine(), !line.isEmpty {
      let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2 else { return nil }
      headers.append((parts[0].lowercased(), String(parts[1].drop { $0 == " " })))
    }
    let length = headers.first { $0.name == "content-length" }.flatMap { Int($0.value) } ?? 0
    guard let body = read(length) else { return nil }
    let request = ReceivedRequest(line: first, headers: headers, body: body, connection: number)
    core.log.change { $0.requests.append(request) }
    return request
  }

  /// False if the connection is to end.
  func perform(_ answer: ScriptedAnswer) -> Bool {
    for step in answer.steps {
      switch step {
      case .send(let bytes): guard send(bytes) else { return false }
      case .sendForever(let bytes): while send(bytes) {}
      case .hang: hang()
      case .disconnect: return false
      }
    }
    return true
  }

  private func takeLine() -> String? {
    var searched = 0
    while true {
      if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        defer { buffer.removeFirst(end + 1) }
        let line = buffer[..<end]
        return String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self)
      }
      searched = buffer.count
      guard receive() else { return nil }
    }
  }

  private func receive() -> Bool {
    var chunk = [UInt8](repeating: 0, count: 65_536)
    let count = recv(descriptor, &chunk, chunk.count, 0)
    guard count > 0 else { return false }
    buffer += chunk.prefix(count)
    return true
  }
}
