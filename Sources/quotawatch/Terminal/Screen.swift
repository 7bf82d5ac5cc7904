/// A screen of several parts, each as wide as there is room.
struct Screen: Sendable {
  private enum Part: Sendable {
    case prose(Prose)
    case table(TextTable, indent: Int)
    case gap
  }

  private var parts: [Part] = []

  /// Adds words, which are moved in.
  mutating func add(_ spans: [TextTable.Cell], indent: Int = 0, hang: Int? = nil) {
    parts.append(.prose(Prose(spans, indent: indent, hang: hang)))
  }

  /// Adds a table.
  mutating func add(_ table: TextTable, indent: Int = 0) {
    parts.append(.table(table, indent: indent))
  }

  /// Adds a heading after an empty line.
  mutating func addHeading(_ words: String) {
    parts.append(.gap)
    add([.init(words.uppercased(), color: .bold)])
  }

  mutating func addGap() {
    parts.append(.gap)
  }

  /// Every line ended by LF.
  ///
  /// - Parameter width: nil breaks and cuts nothing.
  func render(colored: Bool, width: Int?) -> String {
    parts.map { part in
      switch part {
      case .prose(let prose): return prose.render(colored: colored, width: width)
      case .gap: return "\n"
      case .table(let table, let indent):
        let space = String(repeating: " ", count: indent)
        let lines = table.render(colored: colored, width: width.map { max(1, $0 - indent) })
        return lines.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map { "\(space)\($0)\n" }
          .joined()
      }
    }.joined()
  }
}
