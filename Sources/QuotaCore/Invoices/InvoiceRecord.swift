/// One row of a file before it is understood.
package protocol InvoiceRecord {
  /// Where it is in the file, such as `line 12`.
  var place: String { get }

  /// The row's number in the file, from 1.
  var row: Int { get }

  /// The text in a column, without spaces around it; nil where there is none.
  func text(_ column: String) -> String?

  /// Every text that a column has: a path in JSON may lead to several.
  func texts(_ column: String) -> [String]
}

/// A row of a table with named columns.
package struct TableRecord: InvoiceRecord {
  private let columns: [String: Int]
  private let source: CSVRow
  package let row: Int

  /// - Parameter columns: the place of each name in a row.
  package init(_ source: CSVRow, row: Int, columns: [String: Int]) {
    self.source = source
    self.row = row
    self.columns = columns
  }

  package var place: String { "line \(source.line)" }

  package func text(_ column: String) -> String? {
    guard let index = columns[column], source.fields.indices.contains(index) else { return nil }
    let text = source.fields[index].withoutOuterSpaces
    return text.isEmpty ? nil : text
  }

  package func texts(_ column: String) -> [String] { text(column).map { [$0] } ?? [] }
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

  package func text(_ column: String) -> String? { texts(column).first }

  package func texts(_ column: String) -> [String] {
    let isOuter = column.hasPrefix("^")
    return (isOuter ? invoice : node).nodes(at: isOuter ? String(column.dropFirst()) : column).compactMap { node in
      switch node.value {
      case .string(let text):
        let text = text.withoutOuterSpaces
        return text.isEmpty ? nil : text
      case .number(let text): return text
      case .boolean(let flag): return flag ? "true" : "false"
      case .null, .array, .object: return nil
      }
    }
  }
}

extension JSONNode {
  /// The values that a path of names leads to; `*` leads to every item of a list.
  package func nodes(at path: String) -> [JSONNode] {
    path.split(separator: ".").reduce([self]) { nodes, name in
      nodes.flatMap { node -> [JSONNode] in
        if name == "*" {
          guard case .array(let items) = node.value else { return [] }
          return items
        }
        return node[String(name)].map { [$0] } ?? []
      }
    }
  }
}

extension String {
  /// Without spaces, tabs and no-break spaces at either end.
  package var withoutOuterSpaces: String {
    func isSpace(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\t" || scalar == "\u{A0}" }
    guard let first = unicodeScalars.first, let last = unicodeScalars.last, isSpace(first) || isSpace(last) else {
      return self
    }
    var view = unicodeScalars[...]
    while let scalar = view.first, isSpace(scalar) { view.removeFirst() }
    while let scalar = view.last, isSpace(scalar) { view.removeLast() }
    return String(view)
  }
}
