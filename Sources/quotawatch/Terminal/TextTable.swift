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
    /// How narrow it may become, and how wide.
    let widths: ClosedRange<Int>
    let rank: Int
    /// How much of it is kept until no other column can be left out: of an id, which is what one types.
    let kept: Int

    /// - Parameters:
    ///   - widths: in terminal columns; what is wider is cut and ends in `…`, and where the table is too wide, everything
    ///     that is wider than the least. Nil never cuts.
    ///   - rank: where the table is still too wide, the column of the highest rank is left out first; of rank 0 none is.
    init(
      _ title: String, _ alignment: Alignment = .left, widths: ClosedRange<Int>? = nil, rank: Int = 0,
      keeping kept: Int = 0
    ) {
      self.title = title
      self.alignment = alignment
      self.widths = widths ?? .max ... .max
      self.rank = rank
      self.kept = kept
    }
  }

  struct Cell: Sendable, ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
    let text: String
    let color: Color?
    /// In terminal columns.
    fileprivate let width: Int
    /// What a bar shows, of which the text is the longest form.
    let bar: (used: Int64, quota: Int64)?

    /// - Parameter text: what could steer the terminal in it is shown as `�`.
    init(_ text: String, color: Color? = nil) {
      self.text = text.visible()
      self.color = color
      width = DisplayWidth.of(self.text)
      bar = nil
    }

    /// A bar, which is drawn shorter where there is little room.
    init(used: Int64, of quota: Int64, color: Color? = nil) {
      text = UsageBar.text(used: used, of: quota)
      width = DisplayWidth.of(text)
      self.color = color
      bar = (used, quota)
    }

    /// - Parameter text: of a cell that was made already.
    init(shown text: String, color: Color?) {
      (self.text, self.color, bar) = (text, color, nil)
      width = DisplayWidth.of(text)
    }

    /// The same in so many terminal columns at the most.
    fileprivate func fitted(to width: Int) -> Cell {
      guard self.width > width else { return self }
      let text = bar.map { UsageBar.text(used: $0.used, of: $0.quota, width: width) } ?? cut(to: width)
      return Cell(shown: text, color: color)
    }

    private func cut(to width: Int) -> String {
      var kept = ""
      var room = width - 1
      for character in text {
        room -= DisplayWidth.of(character)
        if room < 0 { break }
        kept.append(character)
      }
      return kept + "…"
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
  enum Color: String, Sendable, CaseIterable {
    case bold = "1"
    case dim = "2"
    case red = "31"
    case green = "32"
    case yellow = "33"
  }

  private let columns: [Column]
  private var rows = PackedRows()
  /// The widest cell of each column.
  private var widest: [Int]
  /// Whether any row has something in a column.
  private var isFilled: [Bool]
  /// The columns that are left out.
  var hidden: [Int] = []

  init(_ columns: [Column]) {
    self.columns = columns
    widest = columns.map { DisplayWidth.of($0.title) }
    isFilled = columns.map { _ in false }
  }

  /// Adds a row: a cell for each column; missing ones are empty.
  mutating func add(_ cells: [Cell]) {
    for (column, cell) in cells.enumerated() where column < widest.count {
      widest[column] = max(widest[column], cell.width)
      if !cell.text.isEmpty { isFilled[column] = true }
    }
    rows.add(cells)
  }

  /// The whole table, every line ended by LF, without trailing spaces.
  ///
  /// - Parameters:
  ///   - colored: whether the output is a terminal that wants colours.
  ///   - width: how wide the table may be, as far as columns can be made narrower or left out for it; nil for any width.
  func render(colored: Bool, width: Int? = nil) -> String {
    var text = ""
    write(colored: colored, width: width) { text += $0 }
    return text
  }

  /// The same, some lines at a time.
  func write(colored: Bool, width: Int?, to output: (String) -> Void) {
    // A column that may be left out and holds nothing is.
    let shown = columns.indices.filter { !hidden.contains($0) && (columns[$0].rank == 0 || isFilled[$0]) }
    let widths = shown.map { (column: $0, width: min(widest[$0], columns[$0].widths.upperBound)) }
    let lines = Lines(columns: columns, layout: layout(widths, within: width ?? .max), colored: colored)
    var text = lines.titles
    rows.forEach { cells in
      lines.add(cells, to: &text)
      guard text.utf8.count >= Self.mostAtOnce else { return }
      output(text)
      text = ""
    }
    output(text)
  }

  /// How many bytes are written at once.
  private static let mostAtOnce = 1 << 16

  /// Rows as lines of a table whose layout is known.
  private struct Lines {
    let columns: [Column]
    let layout: [(column: Int, width: Int)]
    let colored: Bool

    private static let blanks = String(repeating: " ", count: 256)

    private static func blank(_ width: Int) -> Substring {
      width <= blanks.utf8.count
        ? Substring(blanks.utf8.prefix(width)) : Substring(String(repeating: " ", count: width))
    }

    /// The line above all others.
    var titles: String {
      var text = ""
      add(columns.map { Cell($0.title, color: .bold) }, to: &text)
      return text
    }

    /// Adds a line, ended by LF.
    func add(_ cells: [Cell], to text: inout String) {
      // Spaces are held back until something follows them.
      var spaces = 0
      for (index, place) in layout.enumerated() where place.column < cells.count {
        let cell = cells[place.column].fitted(to: place.width)
        if index > 0 { spaces += 2 }
        let padding = place.width - cell.width
        if columns[place.column].alignment == .right { spaces += padding }
        if !cell.text.isEmpty {
          text += Self.blank(spaces)
          text += cell.text(colored: colored)
          spaces = 0
        }
        if columns[place.column].alignment == .left { spaces += padding }
      }
      text += "\n"
    }
  }

  /// The columns that there is room for, and how wide each is.
  private func layout(_ shown: [(column: Int, width: Int)], within width: Int) -> [(column: Int, width: Int)] {
    var layout = shown
    while let excess = excess(of: layout, over: width) {
      let isLast = !layout.contains { columns[$0.column].rank > 0 }
      let narrowed = narrowed(layout, by: excess, keepsIDs: !isLast)
      if self.excess(of: narrowed, over: width) == nil { return narrowed }
      guard
        let last = layout.indices.filter({ columns[layout[$0].column].rank > 0 }).max(by: {
          rank($0, layout) < rank($1, layout)
        })
      else { return narrowed }
      layout.remove(at: last)
    }
    return layout
  }

  private func rank(_ index: Int, _ layout: [(column: Int, width: Int)]) -> Int { columns[layout[index].column].rank }

  /// By how much a layout is too wide; nil if it is not.
  private func excess(of layout: [(column: Int, width: Int)], over width: Int) -> Int? {
    let total = layout.reduce(-2) { $0 + $1.width + 2 }
    return total > width ? total - width : nil
  }

  /// The layout narrower by so much, as far as its columns can be: always the widest of them first.
  private func narrowed(
    _ layout: [(column: Int, width: Int)], by excess: Int, keepsIDs: Bool
  ) -> [(column: Int, width: Int)] {
    var layout = layout
    for _ in 0..<excess {
      let able = layout.indices.filter { index in
        let column = columns[layout[index].column]
        return layout[index].width > max(column.widths.lowerBound, keepsIDs ? column.kept : 0)
      }
      guard let widest = able.max(by: { layout[$0].width < layout[$1].width }) else { break }
      layout[widest].width -= 1
    }
    return layout
  }
}
