extension InvoiceFile {
  /// Whether bytes are a ZIP archive, as workbooks are.
  static func isWorkbook(_ bytes: [UInt8]) -> Bool { FileKind(bytes) == .archive }

  /// Why a file of another kind is not read, and what to do; nil for one that may be.
  static func refusal(of bytes: [UInt8]) -> String? {
    switch FileKind(bytes) {
    case .pdf: "this is a PDF, which has no columns; ask the vendor for CSV, JSON or a workbook (.xlsx)"
    case .oldWorkbook:
      "this is a workbook of an old Excel (.xls), or one with a password; save it as .xlsx without one, or as CSV"
    case .gzip: "this is compressed; unpack it with gunzip first"
    case .openDocument: "this is an OpenDocument file; save it as a workbook (.xlsx) or as CSV"
    case .markup:
      "this is XML or HTML, which is not read; export the invoice's lines as CSV, JSON or a workbook (.xlsx)"
    case .archive, nil: nil
    }
  }

  static func format(of bytes: [UInt8]) -> InvoiceMapping.Format {
    let spaces: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0D]
    switch bytes.first(where: { !spaces.contains($0) }) {
    case UInt8(ascii: "{"), UInt8(ascii: "["): return .json
    default: return .csv
    }
  }
}
