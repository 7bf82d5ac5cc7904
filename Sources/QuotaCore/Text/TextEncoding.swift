/// How the characters of a file are written.
package enum TextEncoding: String, CaseIterable, Sendable {
  /// The default; UTF-16 is told by its byte order mark.
  case utf8 = "utf-8"
  case windows1252 = "windows-1252"

  /// Why bytes are no text, in one line.
  package struct Problem: Error, Hashable, Sendable {
    package let message: String
  }

  /// The text in UTF-8, without a byte order mark. What is not UTF-8 although it should be is left for its reader to find.
  package func utf8(_ bytes: [UInt8]) throws(Problem) -> ArraySlice<UInt8> {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return bytes.dropFirst(3) }
    if bytes.starts(with: [0xFF, 0xFE]) {
      return try Self.decoded(utf16: bytes.dropFirst(2)) { low, high in high << 8 | low }
    }
    if bytes.starts(with: [0xFE, 0xFF]) {
      return try Self.decoded(utf16: bytes.dropFirst(2)) { high, low in high << 8 | low }
    }
    switch self {
    case .utf8: return bytes[...]
    case .windows1252: return try Self.decoded(windows1252: bytes)
    }
  }

  private static func decoded(
    utf16 bytes: ArraySlice<UInt8>, _ unit: (UInt16, UInt16) -> UInt16
  ) throws(Problem) -> ArraySlice<UInt8> {
    let units = stride(from: bytes.startIndex, to: bytes.endIndex - 1, by: 2).map {
      unit(UInt16(bytes[$0]), UInt16(bytes[$0 + 1]))
    }
    guard bytes.count.isMultiple(of: 2), let text = String(validating: units, as: UTF16.self) else {
      throw Problem(message: "the file begins like UTF-16 and is not; save it as UTF-8")
    }
    return Array(text.utf8)[...]
  }

  private static func decoded(windows1252 bytes: [UInt8]) throws(Problem) -> ArraySlice<UInt8> {
    var text = String.UnicodeScalarView()
    for byte in bytes {
      let scalar = (0x80...0x9F).contains(byte) ? upper[Int(byte) - 0x80] : Unicode.Scalar(byte)
      guard scalar != "\u{FFFD}" else {
        throw Problem(message: "byte \(byte) stands for nothing in Windows-1252; is that the file's encoding?")
      }
      text.append(scalar)
    }
    return Array(String(text).utf8)[...]
  }

  /// 0x80 to 0x9F; what stands for nothing is U+FFFD.
  private static let upper = Array(
    "€\u{FFFD}‚ƒ„…†‡ˆ‰Š‹Œ\u{FFFD}Ž\u{FFFD}\u{FFFD}‘’“”•–—˜™š›œ\u{FFFD}žŸ".unicodeScalars)
}
