/// The members of a ZIP archive, as far as workbooks need it: stored or deflated, in one file, not encrypted.
package struct ZIPArchive: Sendable {
  /// Undoes deflate (RFC 1951): the bytes, or nil if they are not `size` bytes deflated.
  package typealias Inflate = @Sendable (_ deflated: [UInt8], _ size: Int) -> [UInt8]?

  package struct Problem: Error, Hashable, Sendable {
    package let message: String
  }

  private struct Member {
    let isDeflated: Bool
    let packed: Int
    let size: Int
    let header: Int
  }

  private let bytes: [UInt8]
  private let inflate: Inflate
  private var members: [String: Member] = [:]
  /// How many bytes may still be taken out: a small archive must not take all memory.
  private var allowance: Int

  /// - Parameter limit: how many bytes may be taken out altogether.
  init(_ bytes: [UInt8], limit: Int, inflate: @escaping Inflate) throws(Problem) {
    self.bytes = bytes
    self.inflate = inflate
    allowance = limit
    let last = bytes.count - 22
    guard last >= 0, let end = (max(0, last - 0xFFFF)...last).last(where: { Self.number(bytes, $0, 4) == 0x0605_4B50 })
    else { throw Problem(message: "it is damaged or cut off") }
    var place = Self.number(bytes, end + 16, 4) ?? 0
    for _ in 0..<(Self.number(bytes, end + 10, 2) ?? 0) {
      guard Self.number(bytes, place, 4) == 0x0201_4B50, let flags = Self.number(bytes, place + 8, 2),
        let method = Self.number(bytes, place + 10, 2), let packed = Self.number(bytes, place + 20, 4),
        let size = Self.number(bytes, place + 24, 4), let nameLength = Self.number(bytes, place + 28, 2),
        let extra = Self.number(bytes, place + 30, 2), let comment = Self.number(bytes, place + 32, 2),
        let header = Self.number(bytes, place + 42, 4), place + 46 + nameLength <= bytes.count
      else { throw Problem(message: "it is damaged") }
      guard flags & 1 == 0 else { throw Problem(message: "it is encrypted; save it without a password") }
      let name = String(decoding: bytes[(place + 46)..<(place + 46 + nameLength)], as: UTF8.self)
      if method == 0 || method == 8 {
        members[name] = Member(isDeflated: method == 8, packed: packed, size: size, header: header)
      }
      place += 46 + nameLength + extra + comment
    }
  }

  /// A member's bytes; nil if there is none of this name.
  mutating func read(_ name: String) throws(Problem) -> [UInt8]? {
    guard let member = members[name] else { return nil }
    allowance -= member.size
    guard allowance >= 0 else { throw Problem(message: "it is too large when it is unpacked; export the sheet as CSV") }
    guard Self.number(bytes, member.header, 4) == 0x0403_4B50, let name = Self.number(bytes, member.header + 26, 2),
      let extra = Self.number(bytes, member.header + 28, 2)
    else { throw Problem(message: "it is damaged") }
    let start = member.header + 30 + name + extra
    guard start + member.packed <= bytes.count else { throw Problem(message: "it is damaged or cut off") }
    let packed = Array(bytes[start..<(start + member.packed)])
    guard member.isDeflated else { return packed }
    guard let inflated = inflate(packed, member.size) else { throw Problem(message: "it is damaged") }
    return inflated
  }

  /// A number in little endian; nil beyond the end.
  private static func number(_ bytes: [UInt8], _ place: Int, _ length: Int) -> Int? {
    guard place >= 0, place + length <= bytes.count else { return nil }
    return (0..<length).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) }
  }
}
