import Glibc

/// Where a report goes.
package enum ReportDestination: Hashable, Sendable {
  case standardOutput
  /// A file that is replaced as a whole: a reader sees the old one or the new one, and after an error the old one.
  /// What is not a regular file (a device, a named pipe) is written to directly.
  case file(path: String)

  /// Whether a person would see the bytes at once.
  package var isTerminal: Bool {
    switch self {
    case .standardOutput: return isatty(STDOUT_FILENO) == 1
    case .file(let path):
      let descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
      guard descriptor >= 0 else { return false }
      defer { close(descriptor) }
      return isatty(descriptor) == 1
    }
  }

  /// Opens the destination, lets `body` write to it, and completes it.
  ///
  /// A reader that closes its end of a pipe has all it wants: `body` is stopped by an error from its sink, and this
  /// returns as if it had finished. For that SIGPIPE is ignored in this process from here on.
  ///
  /// - Parameter body: writes through the sink that it is given, on the caller's thread.
  /// - Throws: ``OutputError``, or what `body` throws for reasons of its own.
  package func write(_ body: (_ sink: @escaping UsageReport.Sink) throws -> Void) throws {
    signal(SIGPIPE, SIG_IGN)
    // Kept here because whoever stands between the sink and us may dress up the error as one of its own.
    var failure: OutputError?
    do {
      try withDescriptor { descriptor, name in
        try body { bytes in
          do throws(OutputError) {
            try Self.write(bytes, to: descriptor, name)
          } catch {
            failure = error
            throw error
          }
        }
      }
    } catch {
      guard let failure else { throw error }
      if !failure.isClosedPipe { throw failure }
    }
  }

  private func withDescriptor(_ body: (_ descriptor: Int32, _ name: String) throws -> Void) throws {
    switch self {
    case .standardOutput: try body(STDOUT_FILENO, "standard output")
    case .file(let path): try OutputFile.replace(path, body)
    }
  }

  private static func write(
    _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, _ name: String
  ) throws(OutputError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
      if count >= 0 {
        rest = rest.dropFirst(count)
        continue
      }
      switch errno {
      case EINTR: continue
      case EAGAIN:
        // A pipe or terminal that somebody has made non-blocking.
        var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&waiting, 1, -1)
      default: throw OutputError(code: errno, writing: name)
      }
    }
  }
}
