import Glibc
import QuotaCore

extension SubprocessRunner {
  package func obstacle(to program: String) -> String? {
    let places = program.contains("/") ? [program] : searched.map { "\($0)/\(program)" }
    let there = places.filter { access($0, F_OK) == 0 }
    guard !there.isEmpty else { return "there is no such program; install it, or give its full path" }
    guard let place = there.first(where: { access($0, X_OK) == 0 && !Self.isDirectory($0) }) else {
      return Self.isDirectory(there[0])
        ? "it is a directory, and no program" : "this user may not run it; allow it by `chmod +x`"
    }
    guard let interpreter = Self.interpreter(of: place), access(interpreter, F_OK) != 0 else { return nil }
    let reason = interpreter.hasSuffix("\r") ? "since its lines end as those of Windows do" : "which is not there"
    return "its first line names \"\(ForeignText.line(interpreter))\" to run it, \(reason)"
  }

  /// The directories in which a mere name is looked for.
  private var searched: [Substring] { (environment["PATH"] ?? "").split(separator: ":") }

  private static func isDirectory(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// What a script's first line names to run it; nil for what is no script, or cannot be read.
  private static func interpreter(of path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = read(descriptor, &bytes, bytes.count)
    guard count > 2, bytes.starts(with: "#!".utf8) else { return nil }
    let line = bytes[2..<count].prefix { $0 != UInt8(ascii: "\n") }
    return line.split { [UInt8(ascii: " "), UInt8(ascii: "\t")].contains($0) }.first.map {
      String(decoding: $0, as: UTF8.self)
    }
  }
}
