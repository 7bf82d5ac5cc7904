/// One row of a file before it is understood.
package protocol InvoiceRecord {
  /// Where it is in the file, such as `line 12`.
  var place: String { get }

  /// The row's number in the file, from 1.
  var row: Int { get }

  /// What a column has; nothing where it is empty. A path in JSON may lead to several values.
  func cells(_ column: String) -> [InvoiceCell]

  /// The first of them.
  func cell(_ column: String) -> InvoiceCell?
}

/// A value of a row.
package enum InvoiceCell: Hashable, Sendable {
  /// A text without spaces around it, which the mapping says how to read.
  case text(String)
  /// A number of the format itself, which can be read in one way only.
  case number(String)
  /// A day of the format itself, and how many seconds of it are over.
  case date(CivilDate, seconds: Int)
  /// Nothing that could be read, and why; it matters only where somebody reads the column.
  case unreadable(String)

  package var text: String {
    switch self {
    case .text(let text), .number(let text): text
    case .date(let day, let seconds): Timestamp.text(day: day, seconds: seconds)
    case .unreadable: ""
    }
  }
}

extension InvoiceRecord {
  /// The text in a column; nil where there is none.
  package func text(_ column: String) -> String? { cell(column)?.text }
}

/// A row of a table.
package struct TableRow: Sendable {
  /// The line or the row in the file, from 1.
  package let number: Int
  /// Nil for those with nothing in them.
  package let cells: [InvoiceCell?]

  package init(number: Int, cells: [InvoiceCell?]) {
    self.number = number
    self.cells = cells
  }

  init(_ row: CSVRow) {
    number = row.line
    cells = row.fields.map { field in
      let text = field.withoutOuterSpaces
      return text.isEmpty ? nil : .text(text)
    }
  }
}

/// A row of a table with named columns.
package struct TableRecord: InvoiceRecord {
  private let source: TableRow
  private let word: String
  private let columns: [String: Int]
  package let row: Int

  /// - Parameters:
  ///   - word: what a row is called: a line of a text, a row of a sheet.
  ///   - columns: the place of each name in a row.
  package init(_ source: TableRow, word: String, row: Int, columns: [String: Int]) {
    self.source = source
    self.word = word
    self.row = row
    self.columns = columns
  }

  package var place: String { "\(word) \(source.number)" }

  package func cells(_ column: String) -> [InvoiceCell] { cell(column).map { [$0] } ?? [] }

  package func cell(_ column: String) -> InvoiceCell? {
    guard let index = columns[column], index < source.cells.count else { return nil }
    return source.cells[index]
  }
}

/// An object of a JSON text; a column is a path such as `period.start`, `tax_amounts.*.amount` for all items of a list,
/// or `^customer` for a member of the invoice that the line is in.
package struct ObjectRecord: InvoiceRecord {
  private let node: JSONNode
  private let invoice: JSONNode
  package let place: String
  package let row: Int

  package init(_ node: JSONNode, in invoice: JSONNode, place: String, row: Int) {
    self.node = node
    self.invoice = invoice
    self.place = place
    self.row = row
  }

  package func cells(_ column: String) -> [InvoiceCell] {
    let isOuter = column.hasPrefix("^")
    return (isOuter ? invoice : node).nodes(at: isOuter ? String(column.dropFirst()) : column).compactMap(\.cell)
  }

  package func cell(_ column: String) -> InvoiceCell? { cells(column).first }
}

extension JSONNode {
  /// What a plain value says; nil for an empty text and for what is none.
  fileprivate var cell: InvoiceCell? {
    switch value {
    case .string(let text):
      let text = text.withoutOuterSpaces
      return text.isEmpty ? nil : .text(text)
    case .number(let text): return .number(text)
    case .boolean(let flag): return .text(flag ? "true" : "false")
    case .null, .array, .object: return nil
    }
  }

  /// The values that a path of names leads to; `*` leads to every item of a list or member of an object, and
  /// `*[name=value]` and `*[name!=value]` to those with, or without, that value of a member.
  package func nodes(at path: String) -> [JSONNode] {
    path.split(separator: ".").reduce([self]) { nodes, name in
      guard name.first == "*" else { return nodes.compactMap { $0[String(name)] } }
      let filter = PathFilter(name)
      return nodes.flatMap { node -> [JSONNode] in
        switch node.value {
        case .array(let items): items.filter(filter.takes)
        case .object(let members): members.map(\.node).filter(filter.takes)
        default: []
        }
      }
    }
  }
}

/// Which items a `*` in a path leads to.
private struct PathFilter {
  private let member: String?
  private let value: String
  private let isEqual: Bool

  /// - Parameter name: such as `*` or `*[type=discount]`.
  init(_ name: Substring) {
    let inner = name.dropFirst(2).dropLast()
    isEqual = !inner.contains("!=")
    let parts = inner.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    member = parts.count == 2 ? String(isEqual ? parts[0] : parts[0].dropLast()) : nil
    value = parts.count == 2 ? String(parts[1]) : ""
  }

  func takes(_ node: JSONNode) -> Bool {
    guard let member else { return true }
    return (node[member]?.cell?.text == value) == isEqual
  }
}

extension String {
  /// Without spaces, tabs, no-break spaces and line breaks at either end.
  package var withoutOuterSpaces: String {
    func isSpace(_ scalar: Unicode.Scalar) -> Bool { [" ", "\t", "\u{A0}", "\r", "\n"].contains(scalar) }
    guard let first = unicodeScalars.first, let last = unicodeScalars.last, isSpace(first) || isSpace(last) else {
      return self
    }
    var view = unicodeScalars[...]
    while let scalar = view.first, isSpace(scalar) { view.removeFirst() }
    while let scalar = view.last, isSpace(scalar) { view.removeLast() }
    return String(view)
  }
}
