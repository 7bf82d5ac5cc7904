import Glibc
import QuotaCore

/// A file, or a pattern as a shell has it (`*`, `?`, `[a-z]`), for some of a directory.
struct FilePattern {
  private let text: String
  private let directory: String

  /// - Parameter directory: what a relative pattern is relative to.
  init(_ text: String, in directory: String) {
    self.text = text
    self.directory = directory
  }

  /// Whether it may stand for any number of files.
  var isPattern: Bool { text.contains { "*?[".contains($0) } }

  /// The files that it stands for, in the order of their bytes; hidden ones only if it begins with a dot itself.
  ///
  /// - Throws: `ENOENT` where not even the directory is there, or why a directory cannot be read.
  func files() throws(FileFailure) -> [String] {
    guard isPattern else { return [text.inside(directory)] }
    // What the directory is called is no pattern.
    let literal = String(directory.flatMap { "\\*?[".contains($0) ? ["\\", $0] : [$0] })
    var found = glob_t()
    defer { globfree(&found) }
    errno = 0
    switch glob(text.inside(literal), GLOB_ERR | GLOB_NOSORT, nil, &found) {
    case 0: break
    case GLOB_NOMATCH: return []
    default: throw FileFailure(number: errno == 0 ? ENOMEM : errno)
    }
    let names = (0..<Int(found.gl_pathc)).compactMap { index in found.gl_pathv[index].map { String(cString: $0) } }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}
