import QuotaCore

/// How many columns a text takes on a terminal.
///
/// The stdlib has no East Asian Width; the blocks below are those of Unicode 15.1 `EastAsianWidth.txt` with W or F,
/// rounded to whole blocks. Emoji presentation comes from the stdlib.
enum DisplayWidth {
  static func of(_ text: some StringProtocol) -> Int {
    if text.utf8.withContiguousStorageIfAvailable({ $0.isPrintableASCII }) == true { return text.utf8.count }
    // Bars have nothing that joins.
    if text.unicodeScalars.allSatisfy({ framesAndBars.contains($0.value) }) { return text.unicodeScalars.count }
    return text.reduce(0) { $0 + of($1) }
  }

  /// 0, 1 or 2. Whatever joins into one character is as wide as its widest part.
  static func of(_ character: Character) -> Int {
    if character.unicodeScalars.contains("\u{FE0F}") { return 2 }
    return character.unicodeScalars.reduce(0) { max($0, of($1)) }
  }

  private static func of(_ scalar: Unicode.Scalar) -> Int {
    if scalar.isASCII { return scalar.value < 0x20 || scalar.value == 0x7F ? 0 : 1 }
    if framesAndBars.contains(scalar.value) { return 1 }
    let properties = scalar.properties
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control: return 0
    default: break
    }
    if properties.isEmojiPresentation { return 2 }
    return wideBlocks.contains { $0.contains(scalar.value) } ? 2 : 1
  }

  /// Box drawing and block elements, of which the bars of tables are made.
  private static let framesAndBars: ClosedRange<UInt32> = 0x2500...0x259F

  private static let wideBlocks: [ClosedRange<UInt32>] = [
    0x1100...0x115F,  // Hangul initial consonants
    0x2E80...0x303E, 0x3041...0x33FF,  // CJK radicals, punctuation, kana, compatibility
    0x3400...0x4DBF, 0x4E00...0x9FFF,  // CJK ideographs
    0xA000...0xA4CF,  // Yi
    0xA960...0xA97F, 0xAC00...0xD7A3,  // Hangul
    0xF900...0xFAFF, 0xFE30...0xFE6F,  // CJK compatibility
    0xFF01...0xFF60, 0xFFE0...0xFFE6,  // fullwidth forms
    0x16FE0...0x18DFF, 0x1AFF0...0x1B2FF,  // Tangut, Khitan, kana supplements
    0x20000...0x3FFFD,  // supplementary ideographs
  ]
}
