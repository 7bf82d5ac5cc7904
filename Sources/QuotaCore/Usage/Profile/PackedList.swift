/// How the numbers of a list are written in bits: the low bits of each as they are, and before them the rest in unary, as so
/// many zeros and a 1, which the highest rest does without. The codes are Golomb's with Rice's parameter, a power of two.
private struct RiceCode: Equatable {
  /// How many low bits are written as they are, 0 to 63.
  var lowBits = 0
  var highestRest: UInt64 = 0

  init(lowBits: Int, highestRest: UInt64) {
    (self.lowBits, self.highestRest) = (lowBits, highestRest)
  }

  /// The shortest for these numbers; never more bits for each of them than the largest has.
  init(for numbers: [UInt64]) {
    let (largest, sum) = numbers.reduce((UInt64(0), UInt64(0))) { (max($0.0, $1), $0.1 &+ min($1, 1 << 50)) }
    func code(_ lowBits: Int) -> RiceCode {
      RiceCode(lowBits: lowBits, highestRest: largest &>> UInt64(lowBits))
    }
    // Evenly spread numbers take as many bits as the largest has, others about as many as the mean.
    let most = max(0, 63 - largest.leadingZeroBitCount)
    let usual = 63 - (sum / UInt64(max(numbers.count, 1)) | 1).leadingZeroBitCount
    self = code(most)
    var least = bits(for: numbers)
    for lowBits in max(0, usual - 1)...usual where lowBits < most {
      let bits = code(lowBits).bits(for: numbers)
      if bits < least { (self, least) = (code(lowBits), bits) }
    }
  }

  func bits(for numbers: [UInt64]) -> UInt64 {
    let rests = numbers.reduce(UInt64(0)) { $0 &+ min(($1 &>> UInt64(lowBits)) &+ 1, highestRest) }
    return rests &+ UInt64(numbers.count * lowBits)
  }
}

extension VarintWriter {
  /// A list whose length the reader knows, in bits, from a byte's lowest on. Where it is shorter, each 0 is followed by the number of
  /// further zeros, in a code of its own.
  mutating func write(list: [UInt64]) {
    let code = RiceCode(for: list)
    var bits = BitWriter(capacity: list.count / 4)
    if list.count(where: { $0 == 0 }) * 2 > list.count {
      let (others, runs) = Self.runs(in: list)
      let (otherCode, runCode) = (RiceCode(for: others), RiceCode(for: runs))
      if otherCode.bits(for: others) + runCode.bits(for: runs) + 16 < code.bits(for: list) {
        write(otherCode, isFollowedByRuns: true)
        write(runCode, isFollowedByRuns: false)
        var rest = runs[...]
        for number in others {
          bits.write(number, otherCode)
          if number == 0 { bits.write(rest.removeFirst(), runCode) }
        }
        return append(bits.whole)
      }
    }
    write(code, isFollowedByRuns: false)
    for number in list { bits.write(number, code) }
    append(bits.whole)
  }

  /// A list with one 0 for each run of zeros, and how many more zeros each of these has.
  private static func runs(in list: [UInt64]) -> (others: [UInt64], runs: [UInt64]) {
    var (others, runs) = ([UInt64](), [UInt64]())
    for (number, before) in zip(list, [1] + list) {
      if number == 0, before == 0 {
        runs[runs.count - 1] += 1
      } else {
        others.append(number)
        if number == 0 { runs.append(0) }
      }
    }
    return (others, runs)
  }

  private mutating func write(_ code: RiceCode, isFollowedByRuns: Bool) {
    write(UInt64(code.lowBits) << 1 | (isFollowedByRuns ? 1 : 0))
    write(code.highestRest)
  }
}

extension VarintReader {
  /// Nil if it is no list of that length.
  mutating func list(_ count: Int) -> [UInt64]? {
    guard let (code, hasRuns) = code(), let (runCode, _) = hasRuns ? self.code() : (RiceCode(for: []), false) else {
      return nil
    }
    var list: [UInt64] = []
    list.reserveCapacity(count)
    let isWhole = readBits { bits in
      while list.count < count {
        guard let number = bits.number(code) else { return false }
        list.append(number)
        guard hasRuns, number == 0 else { continue }
        guard let zeros = bits.number(runCode), zeros <= UInt64(count - list.count) else { return false }
        list.append(contentsOf: repeatElement(0, count: Int(zeros)))
      }
      return true
    }
    return isWhole ? list : nil
  }

  private mutating func code() -> (RiceCode, isFollowedByRuns: Bool)? {
    guard let head = number(), head < 128, let highestRest = number(),
      highestRest <= UInt64.max >> (head >> 1)
    else { return nil }
    return (RiceCode(lowBits: Int(head >> 1), highestRest: highestRest), head & 1 == 1)
  }
}

/// Fills bytes from their lowest bits on.
private struct BitWriter {
  private var words: [UInt32] = []
  private var bits: UInt64 = 0
  /// Of ``bits``, less than 32.
  private var count = 0

  init(capacity: Int) {
    words.reserveCapacity(capacity)
  }

  /// What was written, with zeros up to a whole byte.
  var whole: [UInt8] {
    let full = words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) } }
    return full + (0..<(count + 7) / 8).map { UInt8(truncatingIfNeeded: bits >> ($0 * 8)) }
  }

  mutating func write(_ number: UInt64, _ code: RiceCode) {
    let rest = number &>> UInt64(code.lowBits)
    for _ in 0..<rest / 32 { append(0, 32) }
    let zeros = Int(rest % 32)
    rest < code.highestRest ? append(1 &<< UInt64(zeros), zeros + 1) : append(0, zeros)
    append(number, min(code.lowBits, 32))
    append(number >> 32, max(code.lowBits - 32, 0))
  }

  /// - Parameter width: 0 to 32; further bits do not count.
  @inline(__always)
  private mutating func append(_ number: UInt64, _ width: Int) {
    bits |= (number & (1 &<< UInt64(width) &- 1)) &<< UInt64(count)
    count += width
    guard count >= 32 else { return }
    words.append(UInt32(truncatingIfNeeded: bits))
    bits >>= 32
    count -= 32
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

  /// Nil where the bits end.
  @inline(__always)
  fileprivate mutating func number(_ code: RiceCode) -> UInt64? {
    var rest: UInt64 = 0
    while rest < code.highestRest {
      fill()
      let zeros = min(UInt64(min(bits.trailingZeroBitCount, count)), code.highestRest - rest)
      drop(Int(zeros))
      rest += zeros
      guard rest < code.highestRest else { break }
      guard count > 0 else {
        // There may be more zeros behind.
        guard next < bytes.count else { return nil }
        continue
      }
      drop(1)
      break
    }
    guard let low = take(code.lowBits) else { return nil }
    return rest &<< UInt64(code.lowBits) | low
  }

  @inline(__always)
  private mutating func fill() {
    while count <= 56, next < bytes.count {
      bits |= UInt64(bytes[next]) &<< UInt64(count)
      count += 8
      next += 1
    }
  }

  @inline(__always)
  private mutating func drop(_ width: Int) {
    bits >>= UInt64(width)
    count -= width
  }

  /// - Parameter width: 0 to 63.
  private mutating func take(_ width: Int) -> UInt64? {
    guard width <= 32 else {
      guard let low = take(32), let high = take(width - 32) else { return nil }
      return high << 32 | low
    }
    if count < width { fill() }
    guard count >= width else { return nil }
    let number = bits & (1 &<< UInt64(width) &- 1)
    drop(width)
    return number
  }
}
