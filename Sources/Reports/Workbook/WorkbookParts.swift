/// The parts of a workbook apart from its rows.
enum WorkbookParts {
  static let declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
  static let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
  private static let relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
  private static let package = "http://schemas.openxmlformats.org/package/2006"
  private static let sheetML = "application/vnd.openxmlformats-officedocument.spreadsheetml"

  /// First in the archive, before it is known how many sheets there are: a part is a sheet if nothing else is said.
  static let contentTypes = """
    \(declaration)<Types xmlns="\(package)/content-types">\
    <Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>\
    <Default Extension="xml" ContentType="\(sheetML).worksheet+xml"/>\
    <Override PartName="/xl/workbook.xml" ContentType="\(sheetML).sheet.main+xml"/>\
    <Override PartName="/xl/styles.xml" ContentType="\(sheetML).styles+xml"/></Types>

    """

  static let packageRelations = """
    \(declaration)<Relationships xmlns="\(package)/relationships">\
    <Relationship Id="rId1" Type="\(relation)/officeDocument" Target="xl/workbook.xml"/></Relationships>

    """

  static func relations(sheetCount: Int) -> String {
    let sheets = (1...max(sheetCount, 1)).map {
      "<Relationship Id=\"rId\($0)\" Type=\"\(relation)/worksheet\" Target=\"worksheets/sheet\($0).xml\"/>"
    }
    return """
      \(declaration)<Relationships xmlns="\(package)/relationships">\(sheets.joined())\
      <Relationship Id="rId\(sheetCount + 1)" Type="\(relation)/styles" Target="styles.xml"/></Relationships>

      """
  }

  /// - Parameter sheets: the range is what the filters are for.
  static func workbook(_ sheets: [(name: String, range: String)]) -> String {
    let list = sheets.enumerated().map {
      "<sheet name=\"\($1.name)\" sheetId=\"\($0 + 1)\" r:id=\"rId\($0 + 1)\"/>"
    }
    let filters = sheets.enumerated().map {
      "<definedName name=\"_xlnm._FilterDatabase\" localSheetId=\"\($0)\" hidden=\"1\">'\($1.name)'!\($1.range)</definedName>"
    }
    return """
      \(declaration)<workbook xmlns="\(main)" xmlns:r="\(relation)"><sheets>\(list.joined())</sheets>\
      <definedNames>\(filters.joined())</definedNames></workbook>

      """
  }

  static func sheetBegin(widths: [Int]) -> String {
    let columns = widths.enumerated().map {
      "<col min=\"\($0 + 1)\" max=\"\($0 + 1)\" width=\"\($1)\" customWidth=\"1\"/>"
    }
    return """
      \(declaration)<worksheet xmlns="\(main)"><sheetViews><sheetView workbookViewId="0">\
      <pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>\
      <cols>\(columns.joined())</cols><sheetData>

      """
  }
}
