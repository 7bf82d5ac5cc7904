/// Writes whole numbers of variable length, seven bits a byte, the lowest first (LEB128).
struct VarintWriter {
  private(set) var bytes: [UInt8]

  init(version: UInt8) {
    bytes = [version]
    bytes.reserveCapacity(1_024)
  }

  mutating func write(_ number: UInt64) {
    var rest = number
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  /// With the sign in the lowest bit, so that small numbers of either sign are short.
  mutating func write(signed number: Int) {
    write(UInt64(zigzag: number))
  }

  mutating func append(_ further: [UInt8]) {
    bytes.append(contentsOf: further)
  }
}

/// Reads what ``VarintWriter`` writes; every method returns nil where the bytes say something else.
struct VarintReader {
  private let bytes: [UInt8]
  private var index = 0

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  var isAtEnd: Bool { index == bytes.count }

  mutating func byte() -> UInt8? {
    guard index < bytes.count else { return nil }
    index += 1
    return bytes[index - 1]
  }

  mutating func number() -> UInt64? {
    var number: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 63, by: 7) {
      guard let byte = byte() else { return nil }
      number |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return number }
    }
    return nil
  }

  mutating func signed() -> Int? {
    number().map(\.zigzagged)
  }

  /// Reads bits from here on, up to a whole byte.
  mutating func readBits(_ body: (inout BitReader) -> Bool) -> Bool {
    let (isRead, end) = bytes.withUnsafeBufferPointer { bytes in
      var bits = BitReader(bytes, from: index)
      return (body(&bits), bits.index)
    }
    index = end
    return isRead
  }
}

extension UInt64 {
  /// A number with its sign in the lowest bit.
  init(zigzag number: Int) {
    self.init(bitPattern: Int64(number << 1 ^ number >> 63))
  }

  /// The number that was given with its sign in the lowest bit.
  var zigzagged: Int { Int(truncatingIfNeeded: self >> 1) ^ -Int(truncatingIfNeeded: self & 1) }
}
