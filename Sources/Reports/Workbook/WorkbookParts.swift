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
      <Relationship Id="rId\(sheetCount + 1)" Type="\(relation)/styles" Target="styles.xml"/>\
      <Relationship Id="rId\(sheetCount + 2)" Type="\(relation)/worksheet" Target="worksheets/summary.xml"/></Relationships>

      """
  }

  /// - Parameters:
  ///   - summary: the name of the sheet that comes first.
  ///   - sheets: the others; the range is what the filters are for. Their first rows are on every page.
  static func workbook(summary: String, _ sheets: [(name: String, range: String)]) -> String {
    let first = "<sheet name=\"\(summary)\" sheetId=\"\(sheets.count + 1)\" r:id=\"rId\(sheets.count + 2)\"/>"
    let list = sheets.enumerated().map {
      "<sheet name=\"\($1.name)\" sheetId=\"\($0 + 1)\" r:id=\"rId\($0 + 1)\"/>"
    }
    let filters = sheets.enumerated().map {
      "<definedName name=\"_xlnm._FilterDatabase\" localSheetId=\"\($0 + 1)\" hidden=\"1\">'\($1.name)'!\($1.range)</definedName>"
        + "<definedName name=\"_xlnm.Print_Titles\" localSheetId=\"\($0 + 1)\">'\($1.name)'!$1:$1</definedName>"
    }
    return """
      \(declaration)<workbook xmlns="\(main)" xmlns:r="\(relation)"><sheets>\(first)\(list.joined())</sheets>\
      <definedNames>\(filters.joined())</definedNames></workbook>

      """
  }
}
