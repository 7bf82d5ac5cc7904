import Glibc

/// Keeps bytes that belong behind others which are not known yet: a little in memory, what is more in a file without a name.
final class Spool {
  private var bytes: [UInt8] = []
  private var descriptor: Int32 = -1

  /// How many bytes are kept in memory.
  private static let room = 256 << 10

  init() {}

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  func append(_ text: String) throws(OutputError) {
    bytes += text.utf8
    if bytes.count >= Self.room { try flush() }
  }

  /// Hands everything over, in its order.
  func drain(_ body: ([UInt8]) throws -> Void) throws {
    guard descriptor >= 0 else { return try body(bytes) }
    try flush()
    guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw Self.failure }
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      if count == 0 { return }
      if count > 0 {
        try body(Array(buffer[..<count]))
      } else if errno != EINTR {
        throw Self.failure
      }
    }
  }

  private func flush() throws(OutputError) {
    if descriptor < 0 { descriptor = try Self.file() }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count >= 0 {
        rest = rest.dropFirst(count)
      } else if errno != EINTR {
        throw Self.failure
      }
    }
    bytes.removeAll(keepingCapacity: true)
  }

  /// A file that is gone when it is closed.
  private static func file() throws(OutputError) -> Int32 {
    var path = Array("\(directory)/quotawatch-XXXXXX".utf8CString)
    let descriptor = mkstemp(&path)
    guard descriptor >= 0 else { throw failure }
    unlink(path)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    return descriptor
  }

  /// `/var/tmp` is on a disk, where `/tmp` may be in memory.
  private static var directory: String { getenv("TMPDIR").map { String(cString: $0) } ?? "/var/tmp" }

  private static var failure: OutputError {
    OutputError(
      "cannot write a temporary file in \(directory): \(String(cString: strerror(errno))); set TMPDIR to another place")
  }
}
