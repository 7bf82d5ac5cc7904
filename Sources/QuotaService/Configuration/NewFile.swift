import Glibc

/// Writes files so that a reader sees all of a file or none.
enum NewFile {
  /// Writes a file under another name in the same directory, syncs it, and gives it its name.
  ///
  /// - Parameter replacing: whether a file of that name is replaced; otherwise it fails with `EEXIST`.
  static func write(_ contents: [UInt8], to path: String, mode: mode_t, replacing: Bool) throws(FileFailure) {
    var template = Array((path + ".XXXXXX").utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw FileFailure(number: errno) }
    let temporary = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer { unlink(temporary) }
    do throws(FileFailure) {
      try fill(descriptor, contents, mode)
    } catch {
      close(descriptor)
      throw error
    }
    guard close(descriptor) == 0 else { throw FileFailure(number: errno) }
    let result = replacing ? rename(temporary, path) : link(temporary, path)
    guard result == 0 else { throw FileFailure(number: errno) }
  }

  private static func fill(_ descriptor: Int32, _ contents: [UInt8], _ mode: mode_t) throws(FileFailure) {
    var written = 0
    while written < contents.count {
      let count = contents[written...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno == EINTR { continue }
        throw FileFailure(number: errno)
      }
      written += count
    }
    guard fchmod(descriptor, mode) == 0, fsync(descriptor) == 0 else { throw FileFailure(number: errno) }
  }
}
