package import Foundation
import Glibc

extension FileHandle {
  /// What can be read now, after waiting for it; empty at the end. Foundation's own ways end the process, or fail, where a
  /// signal comes meanwhile.
  package func next() throws -> Data {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = Glibc.read(fileDescriptor, &buffer, buffer.count)
      if count >= 0 { return Data(buffer.prefix(count)) }
      guard errno == EINTR else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    }
  }

  /// All that comes until the end.
  package func rest() throws -> Data {
    var all = Data()
    while case let part = try next(), !part.isEmpty { all += part }
    return all
  }
}
