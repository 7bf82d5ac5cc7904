import Glibc

/// Replaces a file as a whole.
enum OutputFile {
  /// Lets `body` write to a temporary file beside `path`, then makes that the file, on disk.
  ///
  /// A symbolic link is followed. The file's permissions stay as they are; a new one gets 0644 less the umask. If
  /// anything fails, the temporary file is removed and the file is what it was.
  ///
  /// - Parameter body: writes to the descriptor; the name is for messages.
  static func replace(_ path: String, _ body: (_ descriptor: Int32, _ name: String) throws -> Void) throws {
    var status = stat()
    guard stat(path, &status) == 0 else {
      guard errno == ENOENT else { throw OutputError(code: errno, writing: path) }
      return try replace(path, target: path, permissions: nil, body)
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG:
      try replace(path, target: resolved(path), permissions: status.st_mode & 0o777, body)
    case S_IFDIR:
      throw OutputError("cannot write \(path): it is a directory; name a file in it")
    default:
      try writeDirectly(path, body)
    }
  }

  private static func replace(
    _ path: String, target: String, permissions: mode_t?, _ body: (Int32, String) throws -> Void
  ) throws {
    let directory = directory(of: target)
    let temporary = "\(directory)/.quotawatch-\(getpid())-\(UInt32.random(in: 0 ... .max)).tmp"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw OutputError(code: errno, writing: path) }
    do {
      defer { close(descriptor) }
      if let permissions { try check(fchmod(descriptor, permissions), path) }
      try body(descriptor, path)
      try check(fsync(descriptor), path)
      try check(rename(temporary, target), path)
    } catch {
      unlink(temporary)
      throw error
    }
    synchronize(directory: directory)
  }

  /// How long a pipe is waited for that nobody reads, and how long to wait between two attempts, in microseconds: opening it
  /// in the usual way would wait for ever, and cannot be given up.
  private static let patience = Duration.seconds(30)
  private static let interval: useconds_t = 50_000

  private static func writeDirectly(_ path: String, _ body: (Int32, String) throws -> Void) throws {
    let end = ContinuousClock.now + patience
    var descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NONBLOCK)
    while descriptor < 0, errno == ENXIO, ContinuousClock.now < end {
      usleep(interval)
      descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NONBLOCK)
    }
    guard descriptor >= 0 else { throw OutputError(code: errno, writing: path) }
    defer { close(descriptor) }
    try check(fcntl(descriptor, F_SETFL, 0), path)
    try body(descriptor, path)
  }

  /// The path behind symbolic links, so that a link is not replaced by a file.
  private static func resolved(_ path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  private static func directory(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "" : String(path[..<slash])
  }

  /// Brings the new name to disk. Not every file system can; the file itself is complete either way.
  private static func synchronize(directory: String) {
    let descriptor = open(directory.isEmpty ? "/" : directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  private static func check(_ result: Int32, _ path: String) throws(OutputError) {
    guard result == 0 else { throw OutputError(code: errno, writing: path) }
  }
}
