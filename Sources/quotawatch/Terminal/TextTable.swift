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

    /// - Parameters:
    ///   - widths: in terminal columns; what is wider is cut and ends in `…`, and where the table is too wide, everything
    ///     that is wider than the least. Nil never cuts.
    ///   - rank: where the table is still too wide, the column of the highest rank is left out first; of rank 0 none is.
    init(_ title: String, _ alignment: Alignment = .left, widths: ClosedRange<Int>? = nil, rank: Int = 0) {
      self.title = title
      self.alignment = alignment
      self.widths = widths ?? .max ... .max
      self.rank = rank
    }
  }

  struct Cell: Sendable, ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
    let text: String
    let color: Color?
    /// What a bar shows, of which the text is the longest form.
    private let bar: (used: Int64, quota: Int64)?

    /// - Parameter text: what could steer the terminal in it is shown as `�`.
    init(_ text: String, color: Color? = nil) {
      self.text = text.visible()
      self.color = color
      bar = nil
    }

    /// A bar, which is drawn shorter where there is little room.
    init(used: Int64, of quota: Int64, color: Color? = nil) {
      text = UsageBar.text(used: used, of: quota)
      self.color = color
      bar = (used, quota)
    }

    private init(_ text: String, like cell: Cell) {
      (self.text, color, bar) = (text, cell.color, cell.bar)
    }

    /// The same in so many terminal columns at the most.
    fileprivate func fitted(to width: Int) -> Cell {
      guard DisplayWidth.of(text) > width else { return self }
      return Cell(bar.map { UsageBar.text(used: $0.used, of: $0.quota, width: width) } ?? cut(to: width), like: self)
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
    rows.append(cells)
  }

  /// The whole table, every line ended by LF, without trailing spaces.
  ///
  /// - Parameters:
  ///   - colored: whether the output is a terminal that wants colours.
  ///   - width: how wide the table may be, as far as columns can be made narrower or left out for it; nil for any width.
  func render(colored: Bool, width: Int? = nil) -> String {
    let lines = [columns.map { Cell($0.title, color: .bold) }] + rows
    let layout = layout(lines, within: width ?? .max)
    var text = ""
    for line in lines { add(line, to: &text, layout, colored: colored) }
    return text
  }

  /// The columns that there is room for, and how wide each is.
  private func layout(_ lines: [[Cell]], within width: Int) -> [(column: Int, width: Int)] {
    // A column that may be left out and holds nothing is.
    let shown = columns.indices.filter { column in
      columns[column].rank == 0 || rows.contains { column < $0.count && !$0[column].text.isEmpty }
    }
    var layout = shown.map { column in
      let widest = lines.lazy.map { column < $0.count ? DisplayWidth.of($0[column].text) : 0 }.max() ?? 0
      return (column: column, width: min(widest, columns[column].widths.upperBound))
    }
    while let excess = excess(of: layout, over: width) {
      let narrowed = narrowed(layout, by: excess)
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
  private func narrowed(_ layout: [(column: Int, width: Int)], by excess: Int) -> [(column: Int, width: Int)] {
    var layout = layout
    for _ in 0..<excess {
      let able = layout.indices.filter { layout[$0].width > columns[layout[$0].column].widths.lowerBound }
      guard let widest = able.max(by: { layout[$0].width < layout[$1].width }) else { break }
      layout[widest].width -= 1
    }
    return layout
  }

  private func add(_ cells: [Cell], to text: inout String, _ layout: [(column: Int, width: Int)], colored: Bool) {
    // Spaces are held back until something follows them.
    var spaces = 0
    for (index, place) in layout.enumerated() where place.column < cells.count {
      let cell = cells[place.column].fitted(to: place.width)
      if index > 0 { spaces += 2 }
      let padding = place.width - DisplayWidth.of(cell.text)
      if columns[place.column].alignment == .right { spaces += padding }
      if !cell.text.isEmpty {
        text += String(repeating: " ", count: spaces)
        text += cell.text(colored: colored)
        spaces = 0
      }
      if columns[place.column].alignment == .left { spaces += padding }
    }
    text += "\n"
  }
}
