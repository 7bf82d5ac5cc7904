import Testing

@testable import QuotaCore

@Suite("Decoding texts")
struct TextDecoderTests {
  private func decoded(_ bytes: [UInt8], _ encoding: TextEncoding = .utf8, piece: Int = .max) throws -> String {
    var decoder = TextDecoder(encoding)
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: piece) {
      text += try decoder.read(Array(bytes[start...].prefix(piece)))
    }
    return String(decoding: try text + decoder.finish(), as: UTF8.self)
  }

  /// A text with a character of each length in UTF-8, in UTF-16 with its mark.
  private static let text = "a€ü\u{1F600}\nz"
  private static let little: [UInt8] = [0xFF, 0xFE] + text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
  private static let big: [UInt8] = [0xFE, 0xFF] + text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }

  @Test("The pieces in which bytes arrive make no difference", arguments: 1...9)
  func pieces(size: Int) throws {
    for bytes in [Array(Self.text.utf8), [0xEF, 0xBB, 0xBF] + Array(Self.text.utf8), Self.little, Self.big] {
      #expect(try decoded(bytes, piece: size) == Self.text)
    }
    #expect(try decoded([0x80, 0xE4, 0x0A, 0x7A], .windows1252, piece: size) == "€ä\nz")
  }

  @Test("A mark says more than what is stated, and short texts are texts")
  func marks() throws {
    #expect(try decoded(Self.little, .windows1252) == Self.text)
    #expect(try decoded([0xEF, 0xBB, 0xBF, 0x61], .windows1252) == "a")
    #expect(try ["", "a", "ab"].map { try decoded(Array($0.utf8)) } == ["", "a", "ab"])
  }

  @Test(
    "What the encoding does not have is told with its line",
    arguments: [
      (Array("a\n".utf8) + [0x81], TextEncoding.windows1252, 2), ([0xFF, 0xFE, 0x0A, 0x00, 0x00, 0xDC], .utf8, 2),
      ([0xFF, 0xFE, 0x61], .utf8, 1), ([0xFF, 0xFE, 0x3D, 0xD8, 0x61, 0x00], .utf8, 1),
      ([0xFF, 0xFE, 0x3D, 0xD8], .utf8, 1),
    ])
  func broken(bytes: [UInt8], encoding: TextEncoding, line: Int) {
    let problem = #expect(throws: TextEncoding.Problem.self) { try decoded(bytes, encoding) }
    #expect(problem?.line == line)
  }
}
