internal import Glibc
internal import QuotaCore

/// The database's place in the file system. Nothing here opens an existing database: closing it again would drop the
/// locks that SQLite holds on it.
struct DatabaseFile: Sendable {
  /// Absolute, with symbolic links resolved, so that every name of the database leads to the same lock.
  let path: String

  /// What is said of a file whose directory is missing.
  enum Role: String {
    case database
    case backup
  }

  /// Fails where the directory does not exist; the file itself need not.
  init(_ path: String, as role: Role = .database) throws {
    if let real = Self.resolved(path) {
      self.path = real
      try checkKind()
      return
    }
    let name = path.split(separator: "/", omittingEmptySubsequences: false).last.map(String.init) ?? path
    let directory = path.count == name.count ? "." : String(path.dropLast(name.count))
    guard !name.isEmpty, let realDirectory = Self.resolved(directory) else {
      throw StoreError.unusable(
        "the directory of the \(role.rawValue) \(path) cannot be found (\(Self.lastError)): create it, or name another place"
          + (role == .database ? " in \"database\"" : ""))
    }
    self.path = (realDirectory == "/" ? "" : realDirectory) + "/" + name
  }

  /// SQLite would wait for a pipe, and a rename would replace a device.
  private func checkKind() throws {
    guard let kind = status.map({ $0.st_mode & S_IFMT }), kind != S_IFREG else { return }
    let words = [S_IFDIR: "a directory", S_IFIFO: "a pipe", S_IFSOCK: "a socket"][kind] ?? "a device"
    throw StoreError.unusable("\(path) is \(words), and a database has to be a regular file: name another place")
  }

  /// What users besides the owner may do that nobody else should be able to, and what to do; nil if that is nothing.
  var exposure: String? {
    guard let mode = status?.st_mode, mode & 0o022 != 0 else { return nil }
    return "\(path) can be changed by other users (mode \(String(mode & 0o777, radix: 8))); run: chmod go-w \(path)"
  }

  var exists: Bool { status != nil }

  /// The size in bytes; nil if there is no such file.
  var size: Int64? { status.map { Int64($0.st_size) } }

  /// The size of SQLite's write-ahead log in bytes; 0 where there is none.
  var logSize: Int64 {
    var status = stat()
    return stat(path + "-wal", &status) == 0 ? Int64(status.st_size) : 0
  }

  /// What tells files apart, whatever they are called.
  var identity: [UInt64]? { Self.identity(of: path) }

  private static func identity(of path: String) -> [UInt64]? {
    status(of: path).map { [UInt64($0.st_dev), UInt64($0.st_ino)] }
  }

  private var status: stat? { Self.status(of: path) }

  private static func status(of path: String) -> stat? {
    var status = stat()
    return stat(path, &status) == 0 ? status : nil
  }

  /// Creates an empty file that only its owner can read, if there is none: SQLite gives the mode of the database to
  /// the files that it puts beside it.
  func createIfMissing() throws {
    guard !exists else { return }
    try createNew()
  }

  /// Creates an empty file that only its owner can read, where nothing is yet.
  func createNew() throws {
    let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    defer { if descriptor >= 0 { close(descriptor) } }
    guard descriptor >= 0 else {
      throw StoreError.unusable(
        "the database file \(path) cannot be created (\(Self.lastError)): check the directory's permissions and that "
          + "no broken link has this name")
    }
    handOver(descriptor)
  }

  /// What the names of the files end in that are a part of a database and lie beside it: SQLite's, the locks, and the inbox.
  private static let parts = DatabaseDraft.companions + [".lock", ".run.lock", ".inbox", ".inbox.damaged"]

  /// Whether another file is a part of this database, whatever it is called; also one that is not there yet.
  func hasPart(_ other: DatabaseFile) -> Bool {
    Self.parts.contains { suffix in
      let part = path + suffix
      return part == other.path || other.exists && Self.identity(of: part) == other.identity
    }
  }

  /// Gives a file that root has made to whom the database belongs, or else its directory: the service that uses it may be
  /// another user.
  func handOver(_ descriptor: Int32) { Self.handOver(descriptor, asTheFirstOf: [path, directory]) }

  /// Gives what root has made to whom the first of some other files or directories belongs that there is.
  static func handOver(_ descriptor: Int32, asTheFirstOf others: [String]) {
    var own = stat()
    guard geteuid() == 0, fstat(descriptor, &own) == 0, own.st_uid == 0,
      let owner = others.lazy.compactMap(status(of:)).first(where: { $0.st_ino != own.st_ino })
    else { return }
    // Where this is refused, as in some containers, root is who uses it.
    _ = fchown(descriptor, owner.st_uid, owner.st_gid)
  }

  /// Makes what was written to a file that nobody has open, or to a directory, survive a loss of power.
  static func synchronize(_ path: String) throws {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw StoreError.unusable("\(path) cannot be synchronized to disk (\(lastError))") }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else {
      throw StoreError.unusable("\(path) cannot be synchronized to disk (\(lastError))")
    }
  }

  /// The directory that the file is in.
  var directory: String {
    let end = path.lastIndex(of: "/") ?? path.startIndex
    return end == path.startIndex ? "/" : String(path[..<end])
  }

  static var lastError: String { String(cString: strerror(errno)) }

  /// What to do about the last error: where no file can be opened any more, that is not the file's fault.
  static func advice(otherwise: String) -> String {
    errno == EMFILE || errno == ENFILE
      ? "let the process open more files (`ulimit -n`, or LimitNOFILE= of the unit)" : otherwise
  }

  /// Why SQLite, which does not say so, cannot open a file; nil where it is not known. Some other files show whether
  /// as many can be opened as SQLite needs.
  static func obstacle(to path: String) -> (reason: String, advice: String)? {
    var status = stat()
    if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      return ("it is a directory", "name a file in \"database\"")
    }
    let descriptors = (0..<4).map { _ in open("/dev/null", O_RDONLY | O_CLOEXEC) }
    defer { for descriptor in descriptors where descriptor >= 0 { close(descriptor) } }
    guard descriptors.contains(where: { $0 < 0 }) else {
      return nil
    }
    return (lastError, advice(otherwise: "look at the limits of this process"))
  }

  private static func resolved(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
