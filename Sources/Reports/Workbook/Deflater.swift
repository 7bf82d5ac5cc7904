import CZlib

/// Compresses one stream of bytes by deflate (RFC 1951), without any frame around it.
final class Deflater {
  /// At a fixed address, because zlib keeps pointers to it.
  private let stream: UnsafeMutablePointer<z_stream>

  /// A worksheet's XML repeats itself so much that looking farther for what was there before takes half the time again for
  /// a file that is a fifteenth smaller.
  private static let level: Int32 = 2

  init() throws {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    guard czlib_raw_deflate_init(stream, Self.level) == Z_OK else {
      stream.deallocate()
      throw OutputError("cannot compress: zlib has no memory; free some and try again")
    }
  }

  deinit {
    deflateEnd(stream)
    stream.deallocate()
  }

  /// Takes the next bytes and appends what comes out of them, if anything yet.
  ///
  /// - Parameter isLast: nothing follows, and everything comes out.
  func deflate(_ bytes: [UInt8], isLast: Bool, into output: inout [UInt8]) throws {
    var input = bytes
    try input.withUnsafeMutableBufferPointer { input in
      stream.pointee.next_in = input.baseAddress
      stream.pointee.avail_in = UInt32(input.count)
      try run(isLast ? Z_FINISH : Z_NO_FLUSH, into: &output)
    }
  }

  private func run(_ flush: Int32, into output: inout [UInt8]) throws {
    try withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 32 << 10) { room in
      repeat {
        stream.pointee.next_out = room.baseAddress
        stream.pointee.avail_out = UInt32(room.count)
        let code = CZlib.deflate(stream, flush)
        // Z_BUF_ERROR: there was nothing to do.
        guard code == Z_OK || code == Z_STREAM_END || code == Z_BUF_ERROR else {
          throw OutputError("cannot compress: zlib reports error \(code)")
        }
        output += room[..<(room.count - Int(stream.pointee.avail_out))]
      } while stream.pointee.avail_out == 0
    }
  }
}

extension [UInt8] {
  /// The CRC-32 of some bytes that follow others with a known one.
  func checksum(after previous: UInt32) -> UInt32 {
    withUnsafeBufferPointer { UInt32(truncatingIfNeeded: crc32(UInt(previous), $0.baseAddress, UInt32($0.count))) }
  }
}
