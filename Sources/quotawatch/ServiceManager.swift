import FoundationEssentials
import Glibc

/// Tells systemd how the service fares, as sd_notify(3) describes it: a datagram to the socket that it names.
struct ServiceManager: Sendable {
  private let socket: String?
  /// How often systemd wants to hear that the service is alive: twice within its own limit, in seconds; nil for never.
  let aliveInterval: Double?

  init(environment: [String: String]) {
    socket = environment["NOTIFY_SOCKET"].flatMap { $0.isEmpty ? nil : $0 }
    let isMeant = environment["WATCHDOG_PID"].flatMap { Int32($0) }.map { $0 == getpid() } ?? true
    let limit = isMeant ? environment["WATCHDOG_USEC"].flatMap { Double($0) } : nil
    aliveInterval = socket == nil ? nil : limit.map { $0 / 2_000_000 }
  }

  func ready(_ status: String) { send("READY=1\nSTATUS=\(status)") }
  func alive() { send("WATCHDOG=1") }
  func stopping() { send("STOPPING=1") }
  func says(_ status: String) { send("STATUS=\(status)") }

  /// systemd waits for ``ready(_:)``, and knows by the clock which one is meant.
  func reloading() {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    send("RELOADING=1\nMONOTONIC_USEC=\(time.tv_sec * 1_000_000 + time.tv_nsec / 1_000)")
  }

  /// A message that does not arrive changes nothing here.
  private func send(_ text: String) {
    guard let socket else { return }
    let descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    // A name that begins with "@" is in the abstract name space, which a zero byte stands for.
    var name = Array(socket.utf8)
    if name.first == UInt8(ascii: "@") { name[0] = 0 }
    let room = MemoryLayout.size(ofValue: address.sun_path)
    guard name.count < room else { return }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
    let length = MemoryLayout<sa_family_t>.size + name.count
    let message = Array(text.utf8)
    _ = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        sendto(descriptor, message, message.count, Int32(MSG_NOSIGNAL), $0, socklen_t(length))
      }
    }
  }
}
