import QuotaCore

/// A table for a terminal: columns aligned, two spaces between them, the titles above.
struct TextTable: Sendable {
  enum Alignment: Sendable {
    case left
    case right
  }

  struct Column: Sendable {
    let title: String
    let alignment: Alignment
    let maximumWidth: Int?
    let rank: Int

    /// - Parameters:
    ///   - maximumWidth: in terminal columns; what is longer is cut and ends in `…`. Nil never cuts.
    ///   - rank: where the table is too wide, the column of the highest rank is left out first; of rank 0 none is.
    init(_ title: String, _ alignment: Alignment = .left, maximumWidth: Int? = nil, rank: Int = 0) {
      self.title = title
      self.alignment = alignment
      self.maximumWidth = maximumWidth
      self.rank = rank
    }
  }

  struct Cell: Sendable, ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
    let text: String
    let color: Color?

    /// - Parameter text: what could steer the terminal in it is shown as `�`.
    init(_ text: String, color: Color? = nil) {
      self.text = text.visible()
      self.color = color
    }

    init(stringLiteral text: String) {
      self.init(text)
    }

    /// The text, within the codes of its colour if there is to be one.
    func text(colored: Bool) -> String {
      guard colored, let color else { return text }
      return "\u{1B}[\(color.rawValue)m\(text)\u{1B}[0m"
    }
  }

  /// How a cell stands out, in ANSI colours.
  enum Color: String, Sendable {
    case bold = "1"
    case dim = "2"
    case red = "31"
    case green = "32"
    case yellow = "33"
  }

  private let columns: [Column]
  private var rows: [[Cell]] = []

  init(_ columns: [Column]) {
    self.columns = columns
  }

  /// Adds a row: a cell for each column; missing ones are empty.
  mutating func add(_ cells: [Cell]) {
    rows.append(
      zip(columns, cells).map { column, cell in
        Cell(Self.cut(cell.text, to: column.maximumWidth), color: cell.color)
      })
  }

  /// The whole table, every line ended by LF, without trailing spaces.
  ///
  /// - Parameters:
  ///   - colored: whether the output is a terminal that wants colours.
  ///   - width: how wide the table may be, as far as columns of a rank can be left out for it; nil for any width.
  func render(colored: Bool, width: Int? = nil) -> String {
    let titles = columns.map { Cell($0.title, color: .bold) }
    let lines = [titles] + rows
    var widths = columns.map { _ in 0 }
    for line in lines {
      for (column, cell) in line.enumerated() { widths[column] = max(widths[column], DisplayWidth.of(cell.text)) }
    }
    let shown = shown(widths, within: width ?? .max)
    var text = ""
    for line in lines { add(line, to: &text, widths, shown, colored: colored) }
    return text
  }

  /// The columns that there is room for.
  private func shown(_ widths: [Int], within width: Int) -> [Int] {
    var shown = Array(columns.indices)
    while shown.reduce(-2, { $0 + widths[$1] + 2 }) > width {
      guard let last = shown.filter({ columns[$0].rank > 0 }).max(by: { columns[$0].rank < columns[$1].rank })
      else { break }
      shown.removeAll { $0 == last }
    }
    return shown
  }

  private func add(_ cells: [Cell], to text: inout String, _ widths: [Int], _ shown: [Int], colored: Bool) {
    // Spaces are held back until something follows them.
    var spaces = 0
    for index in shown where index < cells.count {
      let cell = cells[index]
      if index != shown.first { spaces += 2 }
      let padding = widths[index] - DisplayWidth.of(cell.text)
      if columns[index].alignment == .right { spaces += padding }
      if !cell.text.isEmpty {
        text += String(repeating: " ", count: spaces)
        text += cell.text(colored: colored)
        spaces = 0
      }
      if columns[index].alignment == .left { spaces += padding }
    }
    text += "\n"
  }

  private static func cut(_ text: String, to width: Int?) -> String {
    guard let width, DisplayWidth.of(text) > width else { return text }
    var kept = ""
    var room = width - 1
    for character in text {
      room -= DisplayWidth.of(character)
      if room < 0 { break }
      kept.append(character)
    }
    return kept + "…"
  }
}
