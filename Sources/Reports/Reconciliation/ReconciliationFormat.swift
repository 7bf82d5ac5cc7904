/// How the reconciliation is written down.
package enum ReconciliationFormat: String, CaseIterable, Sendable {
  /// RFC 4180 with a header, UTF-8 without a byte order mark, lines that end in LF.
  case csv
  /// The same for Excel where the decimal separator is a comma: a byte order mark, semicolons, decimal commas, CRLF.
  case csvExcel = "csv-excel"
  /// JSON Lines: one object a line, keys in the order of the columns, every key in every object.
  case jsonl
  /// A workbook of Office Open XML with typed cells.
  case xlsx
  /// A document to print, with a statement for each organization and month.
  case html
  /// A journal of hledger with what invoices claim.
  case hledger

  /// The format that a file's name says: `.csv`, `.jsonl`, `.xlsx`, `.html`, or `.journal` and `.hledger`.
  package init?(fileName: String) {
    guard let dot = fileName.lastIndex(of: ".") else { return nil }
    let word = fileName[fileName.index(after: dot)...].lowercased()
    guard let format = word == "journal" ? .hledger : Self(rawValue: word) else { return nil }
    self = format
  }

  /// Whether it is nothing to be read as text.
  package var isBinary: Bool { self == .xlsx }

  /// Whether the days of the month are shown.
  package var showsDays: Bool { self == .html }
}
