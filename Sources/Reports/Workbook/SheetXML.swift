/// What stands around the rows of a worksheet.
enum SheetXML {
  /// - Parameters:
  ///   - columns: folded ones are an outline that can be opened.
  ///   - frozenRows: how many rows at the top stay in sight.
  static func begin(_ columns: [(width: Int, isFolded: Bool)], frozenRows: Int, isShown: Bool = false) -> String {
    let list = columns.enumerated().map { index, column in
      "<col min=\"\(index + 1)\" max=\"\(index + 1)\" width=\"\(column.width)\" customWidth=\"1\""
        + (column.isFolded ? " hidden=\"1\" outlineLevel=\"1\"/>" : "/>")
    }
    let pane =
      frozenRows == 0
      ? ""
      : "<pane ySplit=\"\(frozenRows)\" topLeftCell=\"A\(frozenRows + 1)\" activePane=\"bottomLeft\" state=\"frozen\"/>"
    return """
      \(WorkbookParts.declaration)<worksheet xmlns="\(WorkbookParts.main)">\
      <sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>\
      <sheetViews><sheetView\(isShown ? " showGridLines=\"0\" tabSelected=\"1\"" : "") workbookViewId="0">\(pane)</sheetView>\
      </sheetViews><sheetFormatPr defaultRowHeight="15"\(columns.contains { $0.isFolded } ? " outlineLevelCol=\"1\"" : "")/>\
      <cols>\(list.joined())</cols><sheetData>

      """
  }

  /// A4 in landscape, one page wide.
  static let end = """
    <pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/>\
    <pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/>\
    <headerFooter><oddFooter>&amp;L&amp;A&amp;RPage &amp;P of &amp;N</oddFooter></headerFooter></worksheet>

    """

  /// What a cell of a column begins with, up to the number of its row.
  ///
  /// - Parameter index: from 0.
  static func cell(inColumn index: Int) -> [UInt8] { Array("<c r=\"\(letters(index))".utf8) }

  static let textEnd = Array("</t></is></c>".utf8)
  static let numberEnd = Array("</v></c>".utf8)

  /// The attributes of a row with so many lines of text: spreadsheets don't find its height by themselves.
  static func height(lines: Int) -> String {
    // Excel takes up to 409 points.
    lines < 2 ? "" : " ht=\"\(min(15 * lines, 405))\" customHeight=\"1\""
  }

  /// `A` for 0, `AA` for 26.
  static func letters(_ index: Int) -> String {
    let last = String(UnicodeScalar(UInt8(ascii: "A") + UInt8(index % 26)))
    return index < 26 ? last : letters(index / 26 - 1) + last
  }
}

/// A small sheet that is not streamed.
struct SummarySheet {
  let name: String
  /// In characters.
  let widths: [Int]
  private var rows: [UInt8] = []
  private var rowCount = 0

  init(_ name: String, widths: [Int]) {
    self.name = name
    self.widths = widths
  }

  mutating func add(_ cells: [SheetCell]) {
    rowCount += 1
    let lines = zip(widths, cells).reduce(1) { max($0, $1.1.lines(width: $1.0)) }
    rows.append("<row r=\"\(rowCount)\"\(SheetXML.height(lines: lines))>")
    for (index, cell) in cells.enumerated() {
      cell.add(to: &rows, SheetXML.cell(inColumn: index), Array(String(rowCount).utf8))
    }
    rows.append("</row>\n")
  }

  var part: String {
    SheetXML.begin(widths.map { ($0, false) }, frozenRows: 0, isShown: true) + String(decoding: rows, as: UTF8.self)
      + "</sheetData>" + SheetXML.end
  }
}
