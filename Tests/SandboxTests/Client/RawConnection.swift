import Foundation
import Glibc

/// A TCP connection to a port on loopback, with blocking calls: to be used inside ``onThread(_:)``.
struct RawConnection: ~Copyable {
  private let socket: Int32
  private var pending: [UInt8] = []

  struct Failure: Error {
    let call: String
    let code: Int32
  }

  init(port: Int) throws {
    socket = try Self.connected(to: port)
  }

  private static func connected(to port: Int) throws -> Int32 {
    let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard socket >= 0 else { throw Failure(call: "socket", code: errno) }
    // A server that says nothing fails the test instead of stopping it.
    var patience = timeval(tv_sec: 20, tv_usec: 0)
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard result == 0 else {
      let code = errno
      close(socket)
      throw Failure(call: "connect", code: code)
    }
    return socket
  }

  deinit {
    close(socket)
  }

  func send(_ text: String) throws {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let sent = bytes.withUnsafeBytes { Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      guard sent > 0 else { throw Failure(call: "send", code: errno) }
      bytes = bytes.dropFirst(sent)
    }
  }

  /// The next line without CR LF; nil at the connection's end.
  mutating func line() throws -> String? {
    while true {
      if let end = pending.firstIndex(of: 0x0A) {
        let line = pending[..<end]
        pending.removeFirst(end + 1)
        return String(decoding: line.last == 0x0D ? line.dropLast() : line, as: UTF8.self)
      }
      guard let more = try receive() else { return nil }
      pending += more
    }
  }

  /// So many bytes, or those until the connection's end.
  mutating func bytes(_ count: Int) throws -> [UInt8] {
    while pending.count < count {
      guard let more = try receive() else { break }
      pending += more
    }
    let taken = pending.prefix(count)
    pending.removeFirst(taken.count)
    return Array(taken)
  }

  /// Nil at the connection's end, whether it was closed or reset.
  private func receive() throws -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    var count: Int
    // The end of a child process interrupts calls in every thread.
    repeat { count = recv(socket, &buffer, buffer.count, 0) } while count < 0 && errno == EINTR
    if count == 0 || (count < 0 && errno == ECONNRESET) { return nil }
    guard count > 0 else { throw Failure(call: "recv", code: errno) }
    return Array(buffer.prefix(count))
  }
}

/// Runs something that blocks outside of the threads that the server's tasks need.
func onThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
  try await withCheckedThrowingContinuation { continuation in
    Thread.detachNewThread { continuation.resume(with: Result(catching: body)) }
  }
}
