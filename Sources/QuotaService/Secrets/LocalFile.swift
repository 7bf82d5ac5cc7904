import Glibc
import QuotaCore

/// A file that is open for reading, so that it can be judged by what was opened and not by its name.
struct LocalFile: ~Copyable {
  private let descriptor: Int32
  /// In milliseconds; -1 for as long as it takes, 0 for not at all.
  private let patience: Int32

  /// How long a pipe may be silent, in milliseconds.
  private static let longestSilence: Int32 = 30_000

  /// What names standard input where a file is asked for.
  static let standardInput = "-"

  /// Opens a file, following symbolic links.
  ///
  /// - Parameter waiting: whether to wait for what somebody writes to a pipe, for some time.
  init(opening path: String, waiting: Bool, patience: Int32 = longestSilence) throws(FileFailure) {
    guard !path.utf8.contains(0) else { throw FileFailure(number: EINVAL) }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
    try self.init(descriptor, patience: waiting ? patience : 0)
  }

  /// - Parameter descriptor: negative where opening has failed just now.
  private init(_ descriptor: Int32, patience: Int32) throws(FileFailure) {
    guard descriptor >= 0 else { throw FileFailure(number: errno) }
    self.descriptor = descriptor
    self.patience = patience
  }

  /// Opens a file that somebody has named, or standard input for `-`, which is waited for as long as it takes.
  ///
  /// Standard input is what this process was given, not `/dev/stdin`: that may be a socket, or belong to another user.
  init(named path: String) throws(FileFailure) {
    if path == Self.standardInput {
      try self.init(fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0), patience: -1)
    } else {
      try self.init(opening: path, waiting: true)
    }
  }

  deinit {
    close(descriptor)
  }

  /// Owner, mode and kind.
  func status() throws(FileFailure) -> stat {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FileFailure(number: errno) }
    return status
  }

  /// What it lies on.
  func place() throws(FileFailure) -> FilePlace {
    var mount = statvfs()
    guard fstatvfs(descriptor, &mount) == 0 else { throw FileFailure(number: errno) }
    let type = FilePlace.type(ofDevice: try status().st_dev)
    return FilePlace(
      isReadOnly: mount.f_flag & UInt(ST_RDONLY) != 0, isInMemory: ["tmpfs", "ramfs"].contains(type))
  }

  /// Reads to the end; fails with `EFBIG` if that is more than so many bytes.
  func contents(atMost limit: Int) throws(FileFailure) -> [UInt8] {
    // Most of what is read is a key.
    let start = 1 << 10
    var contents = try next(atMost: start)
    if contents.count == start {
      let size = Int(try status().st_size)
      guard size <= limit else { throw FileFailure(largerThan: limit) }
      contents.reserveCapacity(max(0, size))
    }
    while contents.count <= limit {
      let part = contents.isEmpty ? [] : try next(atMost: 1 << 16)
      if part.isEmpty { return contents }
      contents += part
    }
    throw FileFailure(largerThan: limit)
  }
}

/// What a file lies on.
struct FilePlace {
  let isReadOnly: Bool
  let isInMemory: Bool

  /// The type of the file system that is on a device, by `proc_pid_mountinfo(5)`; nil where the system does not say.
  fileprivate static func type(ofDevice device: dev_t) -> String? {
    guard let table = try? LocalFile(opening: "/proc/self/mountinfo", waiting: false).contents(atMost: 1 << 22) else {
      return nil
    }
    let (major, minor) = (device >> 8 & 0xFFF | device >> 32 & ~0xFFF, device & 0xFF | device >> 12 & ~0xFF)
    for line in String(decoding: table, as: UTF8.self).split(separator: "\n") {
      let fields = line.split(separator: " ")
      guard fields.count > 2, fields[2] == "\(major):\(minor & 0xFFFF_FFFF)",
        let dash = fields.firstIndex(of: "-"), dash + 1 < fields.count
      else { continue }
      return String(fields[dash + 1])
    }
    return nil
  }
}

extension LocalFile {
  /// Begins again, if it is a file that can be read twice: no pipe, no device.
  func rewind() throws(FileFailure) -> Bool {
    guard try status().st_mode & S_IFMT == S_IFREG else { return false }
    guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw FileFailure(number: errno) }
    return true
  }

  /// Reads the next bytes, at most so many; none at the end.
  func next(atMost limit: Int) throws(FileFailure) -> [UInt8] {
    while true {
      if patience != 0 { try wait() }
      var failure: Int32?
      let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
        let result = Glibc.read(descriptor, buffer.baseAddress, limit)
        if result < 0 { failure = errno }
        count = max(0, result)
      }
      guard let failure else { return bytes }
      guard failure == EINTR || failure == EAGAIN && patience != 0 else { throw FileFailure(number: failure) }
    }
  }

  /// Returns when there is something to read, or the end; at once for a regular file.
  private func wait() throws(FileFailure) {
    var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    let count = poll(&waiting, 1, patience)
    if count == 0 { throw FileFailure(number: ETIMEDOUT) }
    if count < 0, errno != EINTR { throw FileFailure(number: errno) }
  }
}

/// Why the system did not do something with a file.
struct FileFailure: Error, Equatable {
  /// `errno`.
  let number: Int32
  /// How many bytes it may have, where it has more.
  private let limit: Int?

  init(number: Int32) {
    (self.number, limit) = (number, nil)
  }

  init(largerThan limit: Int) {
    (number, self.limit) = (EFBIG, limit)
  }

  var isTooLarge: Bool { number == EFBIG }

  /// Whether there is no such file.
  var isMissing: Bool { number == ENOENT || number == ENOTDIR }

  /// Half a sentence for a person.
  var message: String {
    switch number {
    case ENOENT, ENOTDIR: "there is no such file"
    case EACCES: "this user has no permission"
    case EISDIR: "it is a directory"
    case EFBIG: limit.map { "it has more than \($0.grouped) bytes" } ?? "it is too large"
    case ETIMEDOUT: "it is a pipe that nobody writes to"
    default: String(cString: strerror(number))
    }
  }

  /// What to do about it: where no file can be opened any more, that is not this file's fault.
  var advice: String {
    switch number {
    case EMFILE, ENFILE: "let the process open more files (`ulimit -n`), or lower \"api.max_concurrent_requests\""
    case EFBIG: "check whether it is the right file"
    default: "check the path and who owns it"
    }
  }
}
