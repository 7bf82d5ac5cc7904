/// Help as the command line's reader writes it, in lines that are no wider than there is room: it breaks neither the usage nor
/// the closing words, and moves nothing in that it breaks in the overview.
struct HelpText {
  /// The text for so many columns; nil for as many as the reader takes.
  private let text: (_ columns: Int?) -> String

  private static let usage = "\nUSAGE: "
  /// Wider than any line.
  private static let endless = 10_000

  init(_ text: @escaping (_ columns: Int?) -> String) {
    self.text = text
  }

  /// Ended by LF. What is no help, but says what is wrong, has its first line whole.
  func fitted(to width: Int) -> String {
    let narrow = text(width)
    guard narrow.hasPrefix("OVERVIEW: "), let tail = narrow.firstRange(of: Self.usage) else {
      return Self.lines(narrow) { $0.hasPrefix("Usage: ") ? Self.fitted($0, width) : "\($0)\n" }
    }
    let wide = text(Self.endless)
    let head = wide[..<(wide.firstRange(of: Self.usage)?.lowerBound ?? wide.endIndex)]
    return Self.lines(head + narrow[tail.lowerBound...]) { Self.fitted($0, width) }
  }

  private static func lines(_ text: some StringProtocol, _ fit: (String) -> String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { fit(String($0)) }.joined()
  }

  private static func fitted(_ line: String, _ width: Int) -> String {
    guard DisplayWidth.of(line) > width else { return line + "\n" }
    guard line.uppercased().hasPrefix("USAGE: ") else {
      return Prose(line, hang: line.hasPrefix(" ") ? 4 : 0).render(colored: false, width: width)
    }
    // An option and its value stay together.
    var depth = 0
    let joined = line.map { character -> Character in
      depth += character == "[" ? 1 : character == "]" ? -1 : 0
      return character == " " && depth > 0 ? noBreak : character
    }
    return Prose(String(joined), hang: 7).render(colored: false, width: width)
      .replacing(String(noBreak), with: " ")
  }

  private static let noBreak: Character = "\u{A0}"
}
