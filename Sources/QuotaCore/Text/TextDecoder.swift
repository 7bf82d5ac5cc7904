/// Turns the bytes of a file into UTF-8, piece by piece. A byte order mark is taken away; that of UTF-16 tells the encoding.
///
/// What is not UTF-8 although it should be is left for its reader to find.
package struct TextDecoder: Sendable {
  private enum Form {
    case utf8
    case windows1252
    case utf16(littleEndian: Bool)
  }

  private let encoding: TextEncoding
  private var form: Form?
  /// The beginning, until the form is known; then what an unfinished character of UTF-16 consists of so far.
  private var pending: [UInt8] = []
  /// Of forms other than UTF-8, from 1.
  private var line = 1

  /// - Parameter encoding: of texts without a mark.
  package init(_ encoding: TextEncoding) {
    self.encoding = encoding
  }

  package mutating func read(_ chunk: [UInt8]) throws(TextEncoding.Problem) -> [UInt8] {
    guard let form else {
      pending += chunk
      // No mark is longer.
      return pending.count < 3 ? [] : try begin()
    }
    return try decode(chunk, form)
  }

  /// Ends the text and gives what is left of it.
  package mutating func finish() throws(TextEncoding.Problem) -> [UInt8] {
    let rest = form == nil ? try begin() : []
    guard pending.isEmpty else { throw TextEncoding.Problem(line: line, message: Self.brokenUTF16) }
    return rest
  }

  private mutating func begin() throws(TextEncoding.Problem) -> [UInt8] {
    let marks: [(bytes: [UInt8], form: Form)] = [
      ([0xEF, 0xBB, 0xBF], .utf8), ([0xFF, 0xFE], .utf16(littleEndian: true)),
      ([0xFE, 0xFF], .utf16(littleEndian: false)),
    ]
    let mark = marks.first { pending.starts(with: $0.bytes) }
    let form = mark?.form ?? (encoding == .utf8 ? .utf8 : .windows1252)
    self.form = form
    let beginning = Array(pending.dropFirst(mark?.bytes.count ?? 0))
    pending = []
    return try decode(beginning, form)
  }

  private mutating func decode(_ chunk: [UInt8], _ form: Form) throws(TextEncoding.Problem) -> [UInt8] {
    switch form {
    case .utf8: return chunk
    case .windows1252: return try decode(windows1252: chunk)
    case .utf16(let littleEndian): return try decode(utf16: pending + chunk, littleEndian)
    }
  }

  private mutating func decode(windows1252 bytes: [UInt8]) throws(TextEncoding.Problem) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count + bytes.count / 8)
    for byte in bytes {
      if byte == 0x0A { line += 1 }
      guard byte >= 0x80 else {
        text.append(byte)
        continue
      }
      let scalar = byte < 0xA0 ? Self.upper[Int(byte) - 0x80] : Unicode.Scalar(byte)
      guard scalar != "\u{FFFD}" else {
        throw TextEncoding.Problem(
          line: line, message: "byte \(byte) stands for nothing in Windows-1252; is that the file's encoding?")
      }
      text += UTF8.encode(scalar).map(Array.init) ?? []
    }
    return text
  }

  private mutating func decode(
    utf16 bytes: [UInt8], _ littleEndian: Bool
  ) throws(TextEncoding.Problem) -> [UInt8] {
    func unit(_ index: Int) -> UInt32 {
      let (first, second) = (UInt32(bytes[index]), UInt32(bytes[index + 1]))
      return littleEndian ? second << 8 | first : first << 8 | second
    }
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count)
    var index = 0
    while index + 1 < bytes.count {
      var value = unit(index)
      var length = 2
      if value & 0xFC00 == 0xD800 {
        guard index + 3 < bytes.count else { break }
        value = 0x10000 + (value & 0x3FF) << 10 + unit(index + 2) & 0x3FF
        length = unit(index + 2) & 0xFC00 == 0xDC00 ? 4 : 0
      }
      guard length > 0, let scalar = Unicode.Scalar(value) else {
        throw TextEncoding.Problem(line: line, message: Self.brokenUTF16)
      }
      if value == 0x0A { line += 1 }
      text += UTF8.encode(scalar).map(Array.init) ?? []
      index += length
    }
    pending = Array(bytes[index...])
    return text
  }

  private static let brokenUTF16 = "the file begins like UTF-16 and is not; save it as UTF-8"

  /// 0x80 to 0x9F; what stands for nothing is U+FFFD.
  private static let upper = Array(
    "€\u{FFFD}‚ƒ„…†‡ˆ‰Š‹Œ\u{FFFD}Ž\u{FFFD}\u{FFFD}‘’“”•–—˜™š›œ\u{FFFD}žŸ".unicodeScalars)
}
