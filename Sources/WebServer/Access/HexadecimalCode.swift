import QuotaCore

/// An authentication code as it is written.
enum HexadecimalCode {
  static func text(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// The bytes; nil unless there are just so many.
  static func bytes(_ text: some StringProtocol, count: Int) -> [UInt8]? {
    let digits = text.utf8.map(digit)
    guard digits.count == 2 * count, digits.allSatisfy({ $0 != nil }) else { return nil }
    return stride(from: 0, to: digits.count, by: 2).map { ((digits[$0] ?? 0) << 4) | (digits[$0 + 1] ?? 0) }
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case _ where byte.isDigit: byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
