import CZlib

/// Undoes deflate (RFC 1951) by zlib.
package enum Inflater {
  /// The bytes that were deflated; nil if they are not just so many.
  package static func inflate(_ deflated: [UInt8], size: Int) -> [UInt8]? {
    var stream = z_stream()
    guard size > 0, czlib_raw_inflate_init(&stream) == Z_OK else { return size == 0 ? [] : nil }
    defer { inflateEnd(&stream) }
    var input = deflated
    let inflated = input.withUnsafeMutableBufferPointer { input in
      // One byte more than there should be shows what is longer than it says.
      [UInt8](unsafeUninitializedCapacity: size + 1) { output, count in
        stream.next_in = input.baseAddress
        stream.avail_in = UInt32(input.count)
        stream.next_out = output.baseAddress
        stream.avail_out = UInt32(output.count)
        let code = CZlib.inflate(&stream, Z_FINISH)
        count = code == Z_STREAM_END ? output.count - Int(stream.avail_out) : 0
      }
    }
    return inflated.count == size ? inflated : nil
  }
}
