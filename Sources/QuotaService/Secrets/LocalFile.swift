import Glibc

/// A file that is open for reading, so that it can be judged by what was opened and not by its name.
struct LocalFile: ~Copyable {
  private let descriptor: Int32

  /// Opens a file, following symbolic links.
  ///
  /// - Parameter waiting: whether to wait for the other end of a pipe; a device or pipe is otherwise opened at once.
  init(opening path: String, waiting: Bool) throws(FileFailure) {
    guard !path.utf8.contains(0) else { throw FileFailure(number: EINVAL) }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | (waiting ? 0 : O_NONBLOCK))
    guard descriptor >= 0 else { throw FileFailure(number: errno) }
    self.descriptor = descriptor
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

  /// Reads to the end; fails with `EFBIG` if that is more than so many bytes.
  func contents(atMost limit: Int) throws(FileFailure) -> [UInt8] {
    // Most of what is read is a key.
    var contents = try next(atMost: 1 << 10)
    while contents.count <= limit {
      let part = contents.isEmpty ? [] : try next(atMost: 1 << 16)
      if part.isEmpty { return contents }
      contents += part
    }
    throw FileFailure(number: EFBIG)
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
      var failure: Int32?
      let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
        let result = read(descriptor, buffer.baseAddress, limit)
        if result < 0 { failure = errno }
        count = max(0, result)
      }
      guard let failure else { return bytes }
      guard failure == EINTR else { throw FileFailure(number: failure) }
    }
  }
}

/// Why the system did not do something with a file.
struct FileFailure: Error, Equatable {
  /// `errno`.
  let number: Int32

  /// Whether there is no such file.
  var isMissing: Bool { number == ENOENT || number == ENOTDIR }

  /// Half a sentence for a person.
  var message: String {
    switch number {
    case ENOENT, ENOTDIR: "there is no such file"
    case EACCES: "this user has no permission"
    case EISDIR: "it is a directory"
    case EFBIG: "it is too large"
    default: String(cString: strerror(number))
    }
  }

  /// What to do about it: where no file can be opened any more, that is not this file's fault.
  var advice: String {
    switch number {
    case EMFILE, ENFILE: "let the process open more files (`ulimit -n`), or lower \"api.max_concurrent_requests\""
    default: "check the path and who owns it"
    }
  }
}
