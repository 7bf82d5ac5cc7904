import QuotaCore

/// The columns of a worksheet.
protocol SheetColumn: ReportColumn, Hashable {
  /// What people read.
  var heading: String { get }
  /// In characters.
  var width: Int { get }
  var isNumber: Bool { get }
  /// Whether it is folded away until somebody wants to see it, and not printed.
  var isFolded: Bool { get }
}

/// Writes a workbook of Office Open XML (ECMA-376): typed cells, the header frozen, repeated on each page and with filters,
/// one page wide in landscape.
///
/// Rows are streamed; when a sheet has all the rows that Excel takes, the next one begins. A sheet of what they come to is
/// written last and shown first.
struct Workbook<Column: SheetColumn> {
  private var archive: ZIPWriter
  private let name: String
  private var sheetCount = 0
  /// Of the sheet being written, the header included.
  private var rowCount = 0
  /// The last row of each finished sheet that filters are for.
  private var lastRows: [Int] = []
  /// XML that the archive does not have yet.
  private var xml: [UInt8] = []

  private let maximumRows: Int
  private let columns: [Column]
  /// What the cells of each column begin with.
  private let begins: [[UInt8]]
  private let chunkSize = 64 << 10

  private var lastColumn: String { SheetXML.letters(columns.count - 1) }

  /// How many rows Excel takes.
  static var excelRows: Int { 1_048_576 }

  /// - Parameters:
  ///   - name: of the first sheet of rows; further ones have a number behind it. Without quotes and brackets.
  ///   - columns: from the first one on.
  ///   - maximumRows: of one sheet, the header included.
  init(
    _ name: String, _ columns: [Column], maximumRows: Int = Self.excelRows,
    to sink: @escaping UsageReport.Sink
  ) {
    (self.name, self.columns) = (name, columns)
    self.maximumRows = maximumRows
    archive = ZIPWriter(sink)
    begins = columns.map { SheetXML.cell(inColumn: $0.rawValue) }
  }

  mutating func addRow(_ cell: (Column) -> SheetCell) throws {
    if sheetCount == 0 { try begin() }
    if rowCount == maximumRows { try nextSheet() }
    add(columns.map(cell))
    if xml.count >= chunkSize { try flush() }
  }

  /// - Parameters:
  ///   - totals: rows that stand under the last one, outside of the filters.
  ///   - summary: the sheet that is shown first.
  mutating func finish(totals: [[Column: SheetCell]], summary: SummarySheet) throws {
    if sheetCount == 0 { try begin() }
    let last = rowCount
    for total in totals {
      try addRow { total[$0] ?? .blank(.total) }
    }
    try endSheet(filteredTo: rowCount > last ? last : rowCount)
    try archive.add("xl/worksheets/summary.xml", summary.part)
    try archive.add("xl/workbook.xml", WorkbookParts.workbook(summary: summary.name, sheets()))
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
    if sheetCount > 0 { try endSheet(filteredTo: rowCount) }
    sheetCount += 1
    try archive.begin("xl/worksheets/sheet\(sheetCount).xml")
    xml.append(SheetXML.begin(columns.map { ($0.width, $0.isFolded) }, frozenRows: 1))
    rowCount = 0
    add(columns.map { .text($0.heading, $0.isNumber ? .numberHeader : .header) })
  }

  private mutating func add(_ cells: [SheetCell]) {
    rowCount += 1
    let lines = zip(columns, cells).reduce(1) { max($0, $1.0.isFolded ? 1 : $1.1.lines(width: $1.0.width)) }
    xml.append("<row r=\"\(rowCount)\"\(SheetXML.height(lines: lines))>")
    let row = Array(String(rowCount).utf8)
    for (begin, cell) in zip(begins, cells) { cell.add(to: &xml, begin, row) }
    xml.append("</row>\n")
  }

  private mutating func endSheet(filteredTo last: Int) throws {
    xml.append("</sheetData><autoFilter ref=\"A1:\(lastColumn)\(last)\"/>\(SheetXML.end)")
    try flush()
    try archive.end()
    lastRows.append(last)
  }

  private mutating func flush() throws {
    try archive.write(xml)
    xml.removeAll(keepingCapacity: true)
  }

  private func sheets() -> [(name: String, range: String)] {
    lastRows.enumerated().map { index, last in
      (index == 0 ? name : "\(name) \(index + 1)", "$A$1:$\(lastColumn)$\(last)")
    }
  }
}

extension [UInt8] {
  mutating func append(_ text: String) { append(contentsOf: text.utf8) }
}
