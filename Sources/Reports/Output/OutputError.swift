import Glibc

/// Why a report could not be written.
package struct OutputError: Error, Hashable, Sendable {
  /// One line that names the file and says what to do.
  package let message: String
  /// Whether the reader of a pipe has gone away, which is nobody's mistake.
  let isClosedPipe: Bool

  init(_ message: String) {
    self.message = message
    isClosedPipe = false
  }

  /// - Parameter code: what `errno` was.
  package init(code: Int32, writing name: String) {
    let advice =
      switch code {
      case ENOENT, ENOTDIR: "; create its directory first"
      case EACCES, EPERM, EROFS: "; choose a place that you may write to"
      case ENXIO: "; begin to read it before"
      case ENOSPC, EDQUOT, EFBIG: "; free some space or choose another place"
      default: ""
      }
    let why = code == EBADF ? "it is closed" : String(cString: strerror(code))
    message = "cannot write \(name): \(why)\(advice)"
    isClosedPipe = code == EPIPE
  }
}
