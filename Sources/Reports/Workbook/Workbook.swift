import QuotaCore

/// The columns of a worksheet.
protocol SheetColumn: ReportColumn {
  /// In characters.
  var width: Int { get }
  /// Whether whole numbers are shown with a separator between thousands.
  var isGrouped: Bool { get }
}

/// Writes a workbook of Office Open XML (ECMA-376): typed cells, the header frozen and with filters.
///
/// Rows are streamed; when a sheet has all the rows that Excel takes, the next one begins.
struct Workbook<Column: SheetColumn> {
  private var archive: ZIPWriter
  private let name: String
  private var sheetCount = 0
  /// Of the sheet being written, the header included.
  private var rowCount = 0
  /// The last row of each finished sheet.
  private var lastRows: [Int] = []
  /// XML that the archive does not have yet.
  private var xml: [UInt8] = []

  private let maximumRows: Int
  private let letters: [String]
  private let chunkSize = 64 << 10

  /// How many rows Excel takes.
  static var excelRows: Int { 1_048_576 }

  /// - Parameters:
  ///   - name: of the first sheet; further ones have a number behind it. Without quotes and brackets.
  ///   - maximumRows: of one sheet, the header included.
  init(_ name: String, maximumRows: Int = Self.excelRows, to sink: @escaping UsageReport.Sink) {
    self.name = name
    self.maximumRows = maximumRows
    archive = ZIPWriter(sink)
    letters = Column.allCases.map { Self.letters($0.rawValue) }
  }

  mutating func addRow(_ cell: (Column) -> ReportCell) throws {
    if sheetCount == 0 { try begin() }
    if rowCount == maximumRows { try nextSheet() }
    rowCount += 1
    xml.append("<row r=\"\(rowCount)\">")
    for column in Column.allCases {
      xml.append(SheetCell(cell(column), isGrouped: column.isGrouped).xml(at: letters[column.rawValue] + "\(rowCount)"))
    }
    xml.append("</row>\n")
    if xml.count >= chunkSize { try flush() }
  }

  mutating func finish() throws {
    if sheetCount == 0 { try begin() }
    try endSheet()
    try archive.add("xl/workbook.xml", WorkbookParts.workbook(sheets()))
    try archive.add("xl/_rels/workbook.xml.rels", WorkbookParts.relations(sheetCount: sheetCount))
    try archive.finish()
  }

  private mutating func begin() throws {
    try archive.add("[Content_Types].xml", WorkbookParts.contentTypes)
    try archive.add("_rels/.rels", WorkbookParts.packageRelations)
    try archive.add("xl/styles.xml", SheetStyle.part)
    try nextSheet()
  }

  private mutating func nextSheet() throws {
    if sheetCount > 0 { try endSheet() }
    sheetCount += 1
    try archive.begin("xl/worksheets/sheet\(sheetCount).xml")
    xml.append(WorkbookParts.sheetBegin(widths: Column.allCases.map(\.width)))
    rowCount = 1
    xml.append("<row r=\"1\">")
    for column in Column.allCases {
      xml.append(SheetCell.header(column.name).xml(at: letters[column.rawValue] + "1"))
    }
    xml.append("</row>\n")
  }

  private mutating func endSheet() throws {
    xml.append("</sheetData><autoFilter ref=\"A1:\(letters.last ?? "A")\(rowCount)\"/></worksheet>\n")
    try flush()
    try archive.end()
    lastRows.append(rowCount)
  }

  private mutating func flush() throws {
    try archive.write(xml)
    xml.removeAll(keepingCapacity: true)
  }

  private func sheets() -> [(name: String, range: String)] {
    lastRows.enumerated().map { index, last in
      (index == 0 ? name : "\(name) \(index + 1)", "$A$1:$\(letters.last ?? "A")$\(last)")
    }
  }

  /// `A` for 0, `AA` for 26.
  private static func letters(_ index: Int) -> String {
    let last = String(UnicodeScalar(UInt8(ascii: "A") + UInt8(index % 26)))
    return index < 26 ? last : letters(index / 26 - 1) + last
  }
}

extension [UInt8] {
  mutating func append(_ text: String) { append(contentsOf: text.utf8) }
}
