extension InvoiceFile {
  /// Whether bytes are a ZIP archive, as workbooks are.
  static func isWorkbook(_ bytes: [UInt8]) -> Bool { bytes.starts(with: Array("PK\u{3}\u{4}".utf8)) }

  /// Why a file of another kind is not read, and what to do; nil for one that may be.
  static func refusal(of bytes: [UInt8]) -> String? {
    let start = bytes.prefix(256).filter { $0 > 0x20 && $0 < 0x7F }
    let kinds: [([UInt8], String)] = [
      (Array("%PDF".utf8), "this is a PDF, which has no columns; ask the vendor for CSV, JSON or a workbook (.xlsx)"),
      (
        [0xD0, 0xCF, 0x11, 0xE0],
        "this is a workbook of an old Excel (.xls), or one with a password; save it as .xlsx without one, or as CSV"
      ),
      ([0x1F, 0x8B], "this is compressed; unpack it with gunzip first"),
    ]
    if let kind = kinds.first(where: { bytes.starts(with: $0.0) }) { return kind.1 }
    // The first member of an OpenDocument archive says what it is.
    if bytes.dropFirst(30).starts(with: Array("mimetypeapplication/vnd.oasis.opendocument".utf8)) {
      return "this is an OpenDocument file; save it as a workbook (.xlsx) or as CSV"
    }
    guard start.first == UInt8(ascii: "<") else { return nil }
    return "this is XML or HTML, which is not read; export the invoice's lines as CSV, JSON or a workbook (.xlsx)"
  }

  static func format(of bytes: [UInt8]) -> InvoiceMapping.Format {
    let spaces: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0D]
    switch bytes.first(where: { !spaces.contains($0) }) {
    case UInt8(ascii: "{"), UInt8(ascii: "["): return .json
    default: return .csv
    }
  }
}
