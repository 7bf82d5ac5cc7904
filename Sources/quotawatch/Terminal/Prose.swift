/// Words on a terminal, broken into lines between them where there is little room.
struct Prose: Sendable {
  /// Parts of the text that look alike, with the spaces between them.
  private let spans: [TextTable.Cell]
  private let indent: Int
  private let hang: Int

  /// - Parameters:
  ///   - indent: how far the first line is moved in.
  ///   - hang: how far the others are.
  init(_ spans: [TextTable.Cell], indent: Int = 0, hang: Int? = nil) {
    self.spans = spans
    self.indent = indent
    self.hang = hang ?? indent
  }

  /// A line that may have been moved in; what does not fit comes under it, moved in by so much more.
  init(_ line: String, hang: Int = 2) {
    let indent = line.prefix { $0 == " " }.count
    self.init([.init(String(line.dropFirst(indent)))], indent: indent, hang: indent + hang)
  }

  /// A word, with the spaces before it where it does not begin a line.
  private struct Word {
    var spaces: Int
    /// Without breaks between them.
    var pieces: [TextTable.Cell]

    var width: Int { pieces.reduce(0) { $0 + DisplayWidth.of($1.text) } }
  }

  /// Every line ended by LF. A word that is wider than a line stays whole, so that it can be copied.
  ///
  /// - Parameter width: nil breaks nothing.
  func render(colored: Bool, width: Int?) -> String {
    var text = ""
    var line = [TextTable.Cell(String(repeating: " ", count: indent))]
    var column = indent
    for (index, word) in words.enumerated() {
      let isTooWide = width.map { column + word.spaces + word.width > $0 } ?? false
      if isTooWide, index > 0 {
        text += Self.joined(line, colored)
        line = [.init(String(repeating: " ", count: hang))]
        column = hang
      } else if word.spaces > 0 {
        // Between words of one colour the space has it, too.
        let color = line.last?.color == word.pieces.first?.color ? line.last?.color : nil
        line.append(.init(String(repeating: " ", count: word.spaces), color: color))
        column += word.spaces
      }
      line += word.pieces
      column += word.width
    }
    return text + (words.isEmpty ? "\n" : Self.joined(line, colored))
  }

  /// A line, with the codes of a colour once for what stands together in it.
  private static func joined(_ cells: [TextTable.Cell], _ colored: Bool) -> String {
    var runs: [TextTable.Cell] = []
    for cell in cells where !cell.text.isEmpty {
      if let last = runs.last, last.color == cell.color {
        runs[runs.count - 1] = .init(last.text + cell.text, color: cell.color)
      } else {
        runs.append(cell)
      }
    }
    return runs.map { $0.text(colored: colored) }.joined() + "\n"
  }

  private var words: [Word] {
    var words: [Word] = []
    var spaces = 0
    // Whether what comes belongs to the last word.
    var isOpen = false
    for span in spans {
      for (index, part) in span.text.split(separator: " ", omittingEmptySubsequences: false).enumerated() {
        if index > 0 {
          spaces += 1
          isOpen = false
        }
        guard !part.isEmpty else { continue }
        let piece = TextTable.Cell(String(part), color: span.color)
        if isOpen {
          words[words.count - 1].pieces.append(piece)
        } else {
          words.append(Word(spaces: spaces, pieces: [piece]))
        }
        (spaces, isOpen) = (0, true)
      }
    }
    return words
  }
}
