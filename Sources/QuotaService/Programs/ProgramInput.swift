import FoundationEssentials
import Glibc

/// What a program reads on its standard input: a file without a name, which it may read or leave alone as it likes.
///
/// Not a pipe: a program that ends without reading would break it, and swift-subprocess 1.0.2 ends this process where a
/// pipe breaks.
final class ProgramInput: Sendable {
  let descriptor: CInt

  /// Nil where there is no room for the file.
  init?(_ bytes: [UInt8]) {
    descriptor = bytes.isEmpty ? open("/dev/null", O_RDONLY | O_CLOEXEC) : Self.unnamedFile()
    guard descriptor >= 0, Self.write(bytes, to: descriptor) else { return nil }
  }

  private static func unnamedFile() -> CInt {
    var template = Array((FileManager.default.temporaryDirectory.path + "/quotawatch.XXXXXX").utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { return descriptor }
    unlink(template)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    return descriptor
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  private static func write(_ bytes: [UInt8], to descriptor: CInt) -> Bool {
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno != EINTR { return false }
      written += max(count, 0)
    }
    return bytes.isEmpty || lseek(descriptor, 0, SEEK_SET) == 0
  }
}
