/// What the numbers of a list have been as a mean, which tells how many bits the next one takes.
///
/// The codes are Golomb's with Rice's parameters (a power of two), adapted as in JPEG-LS (ITU-T T.87, A.5): the number's
/// low bits as many as the mean has, and before them the rest in unary.
private struct RiceMean {
  /// Eight times the mean.
  private var scaled: UInt64 = 8 * 16

  /// No more zeros than this are written in unary; then follow how many bits the number has, and these.
  static let longestUnary = 20

  var parameter: Int { max(0, 63 - (scaled >> 3).leadingZeroBitCount) }

  mutating func add(_ number: UInt64) {
    scaled += min(number, 1 << 40)
    scaled -= scaled >> 3
  }
}

extension VarintWriter {
  /// A list whose length the reader knows, in bits, from a byte's lowest on; after a 0 the number of further zeros.
  mutating func write(list: [UInt64]) {
    var (bits, numbers, runs) = (BitWriter(), RiceMean(), RiceMean())
    var index = list.startIndex
    while index < list.endIndex {
      let number = list[index]
      bits.write(number, &numbers)
      index += 1
      guard number == 0 else { continue }
      let zeros = list[index...].prefix { $0 == 0 }.count
      bits.write(UInt64(zeros), &runs)
      index += zeros
    }
    append(bits.whole)
  }
}

extension VarintReader {
  /// Nil if it is no list of that length.
  mutating func list(_ count: Int) -> [UInt64]? {
    var list: [UInt64] = []
    list.reserveCapacity(count)
    let isWhole = readBits { bits in
      var (numbers, runs) = (RiceMean(), RiceMean())
      while list.count < count {
        guard let number = bits.number(&numbers) else { return false }
        list.append(number)
        guard number == 0 else { continue }
        guard let zeros = bits.number(&runs), zeros <= UInt64(count - list.count) else { return false }
        list.append(contentsOf: repeatElement(0, count: Int(zeros)))
      }
      return true
    }
    return isWhole ? list : nil
  }
}

/// Fills bytes from their lowest bits on.
private struct BitWriter {
  private var bytes: [UInt8] = []
  private var bits: UInt64 = 0
  private var count = 0

  /// What was written, with zeros up to a whole byte.
  var whole: [UInt8] { count > 0 ? bytes + [UInt8(truncatingIfNeeded: bits)] : bytes }

  mutating func write(_ number: UInt64, _ mean: inout RiceMean) {
    let parameter = mean.parameter
    let rest = number >> UInt64(parameter)
    if rest < UInt64(RiceMean.longestUnary) {
      append(1 << rest, Int(rest) + 1)
      append(number & (1 << UInt64(parameter) - 1), parameter)
    } else {
      let width = 64 - number.leadingZeroBitCount
      append(0, RiceMean.longestUnary)
      append(UInt64(width - 1), 6)
      append(number, width)
    }
    // After a run of zeros the mean is still that of the numbers between them.
    if number > 0 { mean.add(number) }
  }

  /// - Parameter width: 0 to 64; further bits are 0 or do not count.
  private mutating func append(_ number: UInt64, _ width: Int) {
    var (number, width) = (number, width)
    while width > 0 {
      let part = min(width, 32)
      bits |= (number & (1 << UInt64(part) - 1)) << UInt64(count)
      count += part
      while count >= 8 {
        bytes.append(UInt8(truncatingIfNeeded: bits))
        bits >>= 8
        count -= 8
      }
      number >>= UInt64(part)
      width -= part
    }
  }
}

/// Reads what ``BitWriter`` has written.
struct BitReader {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var next: Int
  private var bits: UInt64 = 0
  private var count = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>, from index: Int) {
    (self.bytes, next) = (bytes, index)
  }

  /// The first byte of which nothing was read.
  var index: Int { next - count / 8 }

  /// Nil where the bits end, or where nobody would have written these.
  fileprivate mutating func number(_ mean: inout RiceMean) -> UInt64? {
    fill()
    let zeros = min(bits.trailingZeroBitCount, count)
    let number: UInt64
    if zeros < RiceMean.longestUnary {
      guard zeros < count else { return nil }
      drop(zeros + 1)
      guard let low = take(mean.parameter) else { return nil }
      number = UInt64(zeros) << UInt64(mean.parameter) | low
    } else {
      drop(RiceMean.longestUnary)
      guard let width = take(6), let whole = take(Int(width) + 1) else { return nil }
      number = whole
    }
    if number > 0 { mean.add(number) }
    return number
  }

  private mutating func fill() {
    while count <= 56, next < bytes.count {
      bits |= UInt64(bytes[next]) << UInt64(count)
      count += 8
      next += 1
    }
  }

  private mutating func drop(_ width: Int) {
    bits >>= UInt64(width)
    count -= width
  }

  /// - Parameter width: 0 to 64.
  private mutating func take(_ width: Int) -> UInt64? {
    guard width <= 32 else {
      guard let low = take(32), let high = take(width - 32) else { return nil }
      return high << 32 | low
    }
    if count < width { fill() }
    guard count >= width else { return nil }
    let number = bits & (1 << UInt64(width) - 1)
    drop(width)
    return number
  }
}
