import Glibc
import QuotaCore
import Synchronization

/// Standard output or standard error: whole lines, colour only where a person sees it.
struct Console: Sendable {
  private let descriptor: Int32
  /// Whether this is a terminal.
  let isTerminal: Bool
  private let environment: @Sendable (String) -> String?
  private let passing = PassingLine()

  /// What stands on a terminal's last line while something long goes on.
  private final class PassingLine: Sendable {
    let text = Mutex("")
  }

  @TaskLocal static var standardOutput = Console(descriptor: STDOUT_FILENO)
  @TaskLocal static var standardError = Console(descriptor: STDERR_FILENO)

  /// - Parameters:
  ///   - isTerminal: nil asks the system.
  ///   - environment: what variables say; nil where one is not set.
  init(
    descriptor: Int32, isTerminal: Bool? = nil,
    environment: @escaping @Sendable (String) -> String? = { getenv($0).map { String(cString: $0) } }
  ) {
    self.descriptor = descriptor
    self.isTerminal = isTerminal ?? (isatty(descriptor) == 1)
    self.environment = environment
  }

  /// Whether to use colour: on a terminal that is not dumb, or where CLICOLOR_FORCE asks for it; never where NO_COLOR is set
  /// to anything.
  var usesColour: Bool {
    let told = { environment($0) ?? "" }
    guard told("NO_COLOR").isEmpty else { return false }
    if !["", "0"].contains(told("CLICOLOR_FORCE")) { return true }
    return isTerminal && !["", "dumb"].contains(told("TERM"))
  }

  /// How many columns there are to write in: what COLUMNS says, or the terminal; nil where nobody says.
  var columns: Int? {
    if let told = environment("COLUMNS").flatMap({ Int($0) }), told > 0 { return told }
    var size = winsize()
    guard isTerminal, ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  /// Shows on a terminal how far something is, below what is written meanwhile; nothing takes it away.
  func show(passing text: String) {
    guard isTerminal else { return }
    passing.text.withLock { $0 = text }
    put(text.isEmpty ? Self.cleared : "\r" + text)
  }

  /// Removes what stands on the last line.
  private static let cleared = "\r\u{1B}[K"

  /// Empties the screen, where there is one.
  func clear() {
    if isTerminal { write("\u{1B}[H\u{1B}[2J\u{1B}[3J") }
  }

  /// Writes a table, as wide as there is room.
  func print(_ table: TextTable) {
    table.write(colored: usesColour, width: columns) { write($0) }
  }

  /// Writes a line. What could steer a terminal in it, or begin another line, is shown as `�`, whoever wrote that. What is too
  /// wide for a terminal goes on below; in a pipe, and where it tells an error, a line stays one.
  func print(_ line: String) {
    guard isTerminal, descriptor != STDERR_FILENO else { return write(line.visible() + "\n") }
    print(Prose(line))
  }

  /// Writes a screen, as wide as there is room.
  func print(_ screen: Screen) {
    write(screen.render(colored: usesColour, width: columns))
  }

  /// Writes words, broken into lines as there is room.
  func print(_ prose: Prose) {
    write(prose.render(colored: usesColour, width: columns))
  }

  /// Writes a line and an empty one.
  func printHeading(_ line: String) {
    print(line)
    print("")
  }

  /// Writes a line between empty ones.
  func printSection(_ line: String) {
    print("")
    printHeading(line)
  }

  /// Writes JSON, in which nothing is left that could steer a terminal.
  func printJSON(_ text: String) {
    write(text + "\n")
  }

  /// Writes text as it is.
  func write(_ text: String) {
    let passing = passing.text.withLock { $0 }
    put(passing.isEmpty || !text.hasSuffix("\n") ? text : Self.cleared + text + passing)
  }

  /// A standard output whose reader has gone away ends the process quietly, as it does with other tools; one that takes nothing,
  /// such as a full disk, ends it with an error. What becomes of standard error changes nothing: the work is what counts.
  private func put(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
      var rest = UnsafeRawBufferPointer(bytes)
      while !rest.isEmpty {
        let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
        if count > 0 {
          rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
        } else if errno == EAGAIN {
          var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          poll(&waiting, 1, -1)
        } else if errno != EINTR {
          guard descriptor == STDOUT_FILENO else { return }
          if errno == EPIPE { exit(0) }
          ThisProcess.endWithoutOutput(errno)
        }
      }
    }
  }
}
