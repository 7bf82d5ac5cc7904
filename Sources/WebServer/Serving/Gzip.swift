import CZlib

/// Compresses what is sent.
enum Gzip {
  /// How hard it is tried: more costs much time and saves little.
  private static let level: Int32 = 5

  /// The bytes as gzip (RFC 1952); nil where there is no memory for it.
  static func compress(_ bytes: [UInt8], level: Int32 = level) -> [UInt8]? {
    var stream = z_stream()
    guard czlib_gzip_init(&stream, level) == Z_OK else { return nil }
    defer { deflateEnd(&stream) }
    let room = Int(deflateBound(&stream, UInt(bytes.count)))
    var input = bytes
    let output = input.withUnsafeMutableBufferPointer { input in
      [UInt8](unsafeUninitializedCapacity: room) { output, count in
        stream.next_in = input.baseAddress
        stream.avail_in = UInt32(input.count)
        stream.next_out = output.baseAddress
        stream.avail_out = UInt32(output.count)
        count = deflate(&stream, Z_FINISH) == Z_STREAM_END ? output.count - Int(stream.avail_out) : 0
      }
    }
    return output.isEmpty ? nil : output
  }
}
