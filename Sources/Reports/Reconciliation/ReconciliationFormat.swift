/// How the reconciliation is written down.
package enum ReconciliationFormat: String, FileFormat {
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

  package var otherEndings: [String] {
    switch self {
    case .csv, .csvExcel, .xlsx: []
    case .jsonl: ["ndjson"]
    case .html: ["htm"]
    case .hledger: ["journal"]
    }
  }

  /// Whether it is nothing to be read as text.
  package var isBinary: Bool { self == .xlsx }

  /// Whether the days of the month are shown.
  package var showsDays: Bool { self == .html }
}
