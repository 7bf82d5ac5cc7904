import Glibc

/// An IP address, or all that begin alike: `10.1.2.3`, `10.0.0.0/8`, `::1`, `fd00::/8`.
package struct AddressRange: Hashable, Sendable {
  private let bytes: [UInt8]
  /// How many bits count, from the first.
  private let length: Int

  package init?(_ text: String) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let bytes = Self.bytes(String(parts[0])) else { return nil }
    guard parts.count == 2 else {
      (self.bytes, length) = (bytes, bytes.count * 8)
      return
    }
    guard let length = Int(parts[1]), parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      (0...bytes.count * 8).contains(length)
    else { return nil }
    (self.bytes, self.length) = (bytes, length)
  }

  /// Whether an address is among these; false for anything that is none.
  package func contains(_ address: String) -> Bool {
    guard let other = Self.bytes(address), other.count == bytes.count else { return false }
    return (0..<length).allSatisfy { bit in
      let mask: UInt8 = 0x80 >> UInt8(bit % 8)
      return bytes[bit / 8] & mask == other[bit / 8] & mask
    }
  }

  /// 4 or 16 bytes. What is mapped into IPv6 is the address that it was.
  private static func bytes(_ text: String) -> [UInt8]? {
    var four = [UInt8](repeating: 0, count: 4)
    if inet_pton(AF_INET, text, &four) == 1 { return four }
    var sixteen = [UInt8](repeating: 0, count: 16)
    guard inet_pton(AF_INET6, text, &sixteen) == 1 else { return nil }
    let mapped = sixteen[..<10].allSatisfy { $0 == 0 } && sixteen[10] == 0xFF && sixteen[11] == 0xFF
    return mapped ? Array(sixteen[12...]) : sixteen
  }
}
