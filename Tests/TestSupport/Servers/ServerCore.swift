import Foundation
import Glibc
import Synchronization

/// Why a server of the tests does not start.
package struct ServerError: Error, CustomStringConvertible {
  package let description: String

  init(_ description: String) {
    self.description = description
  }
}

/// Runs a body on a thread of its own.
func serverThread(_ body: @escaping @Sendable () -> Void) {
  Thread.detachNewThread(body)
}

/// A listening socket on a free port of loopback.
struct Listener: Sendable {
  let descriptor: Int32
  let port: Int

  init() throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let listener = descriptor
    let code = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(listener, address, length) | listen(listener, 512) | getsockname(listener, address, &length)
      }
    }
    guard descriptor >= 0, code == 0 else { throw ServerError("no free port on loopback: errno \(errno)") }
    port = Int(UInt16(bigEndian: address.sin_port))
  }
}

/// The part of a server that its threads share.
final class ServerCore: Sendable {
  let log = Observed(ScriptedServer.Log())
  /// A pipe that is readable once everything that hangs may go on.
  let gate: (read: Int32, write: Int32)
  private let listener: Listener
  /// The open connections; nil once the server has stopped.
  private let connections = Mutex<Set<Int32>?>([])

  init(_ listener: Listener) {
    self.listener = listener
    var ends: [Int32] = [-1, -1]
    pipe(&ends)
    ends.forEach { _ = fcntl($0, F_SETFD, FD_CLOEXEC) }
    gate = (ends[0], ends[1])
  }

  deinit {
    close(listener.descriptor)
    close(gate.read)
    close(gate.write)
  }

  func acceptConnections(_ session: @escaping @Sendable (ScriptedConnection) -> Void) {
    while true {
      let descriptor = accept(listener.descriptor, nil, nil)
      let reason = errno
      _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
      let isOpen = connections.withLock { open in
        if descriptor >= 0 { open?.insert(descriptor) }
        return open != nil
      }
      guard isOpen, descriptor >= 0 else {
        if descriptor >= 0 { close(descriptor) }
        if isOpen, reason == EINTR || reason == ECONNABORTED { continue }
        return
      }
      let number = log.change { log in
        log.connectionCount += 1
        return log.connectionCount
      }
      serverThread { [self] in
        session(ScriptedConnection(descriptor, number: number, of: self))
        connections.withLock { open in
          _ = open?.remove(descriptor)
          close(descriptor)
        }
        log.change { $0.closedCount += 1 }
      }
    }
  }

  func release() {
    write(gate.write, "!", 1)
  }

  func stop() {
    release()
    connections.withLock { open in
      open?.forEach { _ = shutdown($0, Int32(SHUT_RDWR)) }
      open = nil
      _ = shutdown(listener.descriptor, Int32(SHUT_RDWR))
    }
    log.finish()
  }
}
