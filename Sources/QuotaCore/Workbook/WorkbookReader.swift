/// Reads one sheet of a workbook of Office Open XML (`.xlsx`): texts, numbers and dates as they are stored. Of a formula only
/// its stored value is taken.
struct WorkbookReader {
  /// Why a workbook cannot be read, in one line.
  struct Problem: Error {
    let message: String
  }

  /// How many bytes a workbook may have when it is unpacked.
  static let largest = 256 << 20

  private var archive: ZIPArchive
  private var texts: [String] = []
  /// Which styles of cells are dates.
  private var dateStyles: Set<Int> = []
  private var startsIn1904 = false

  init(_ bytes: [UInt8], inflate: @escaping ZIPArchive.Inflate) throws(Problem) {
    do throws(ZIPArchive.Problem) {
      archive = try ZIPArchive(bytes, limit: Self.largest, inflate: inflate)
    } catch {
      throw Problem(message: error.message)
    }
  }

  /// The rows of a sheet, those with nothing in them left out.
  ///
  /// - Parameter name: nil for the first sheet that is not hidden.
  mutating func rows(ofSheet name: String?) throws(Problem) -> [TableRow] {
    let path = try sheetPath(name)
    try readTexts()
    try readStyles()
    guard let sheet = try part(path) else { throw Problem(message: "the sheet's part \(path) is missing") }
    var reading = SheetReading(texts: texts, dateStyles: dateStyles, startsIn1904: startsIn1904)
    try Self.visit(sheet, path) { event throws(Problem) in try reading.take(event) }
    return reading.rows
  }

  private mutating func part(_ name: String) throws(Problem) -> [UInt8]? {
    do throws(ZIPArchive.Problem) {
      return try archive.read(name)
    } catch {
      throw Problem(message: error.message)
    }
  }

  private static func visit(
    _ bytes: [UInt8], _ name: String, _ body: (XMLReader.Token) throws(Problem) -> Void
  ) throws(Problem) {
    var reader = XMLReader(bytes)
    while true {
      let event: XMLReader.Token?
      do throws(XMLReader.Problem) {
        event = try reader.next()
      } catch {
        throw Problem(message: "its part \(name) cannot be read: \(error.message)")
      }
      guard let event else { return }
      try body(event)
    }
  }

  /// Where the sheet is in the archive.
  private mutating func sheetPath(_ wanted: String?) throws(Problem) -> String {
    guard let workbook = try part("xl/workbook.xml") else {
      throw Problem(message: "it is no workbook of Excel; save it as .xlsx, or export the sheet as CSV")
    }
    var sheets: [(name: String, id: String, isHidden: Bool)] = []
    var is1904 = false
    try Self.visit(workbook, "xl/workbook.xml") { event in
      guard case .start(let name, let attributes) = event else { return }
      if name == "sheet" {
        let isHidden = attributes["state"].map { $0 != "visible" } ?? false
        sheets.append((attributes["name"] ?? "", attributes["id"] ?? "", isHidden))
      }
      if name == "workbookPr" { is1904 = ["1", "true"].contains(attributes["date1904"] ?? "") }
    }
    startsIn1904 = is1904
    let shown = sheets.first { !$0.isHidden } ?? sheets.first
    guard let sheet = wanted.map({ name in sheets.first { $0.name == name } }) ?? shown else {
      throw Problem(
        message: "it has no sheet \"\(wanted ?? "")\"\(suggestion(for: wanted ?? "", among: sheets.map(\.name)))")
    }
    var path: String?
    try Self.visit(try part("xl/_rels/workbook.xml.rels") ?? [], "xl/_rels/workbook.xml.rels") { event in
      guard case .start("Relationship", let attributes) = event, attributes["Id"] == sheet.id else { return }
      path = attributes["Target"]
    }
    guard let path else { throw Problem(message: "it does not say where its sheet \"\(sheet.name)\" is") }
    return path.hasPrefix("/") ? String(path.dropFirst()) : "xl/\(path)"
  }

  private mutating func readTexts() throws(Problem) {
    guard let part = try part("xl/sharedStrings.xml") else { return }
    var (texts, text, isText, isPhonetic): ([String], String, Bool, Bool) = ([], "", false, false)
    try Self.visit(part, "xl/sharedStrings.xml") { event in
      switch event {
      case .start("si", _): text = ""
      case .start("rPh", _): isPhonetic = true
      case .end("rPh"): isPhonetic = false
      case .start("t", _): isText = !isPhonetic
      case .end("t"): isText = false
      case .text(let piece): if isText { text += piece }
      case .end("si"): texts.append(text)
      default: break
      }
    }
    self.texts = texts
  }

  private mutating func readStyles() throws(Problem) {
    guard let part = try part("xl/styles.xml") else { return }
    // Those of ECMA-376, 18.8.30, that show a day.
    var dateFormats: Set<Int> = Set(14...17).union([22]).union(27...31).union(50...58).union([36])
    var (styles, count, isInside): (Set<Int>, Int, Bool) = ([], 0, false)
    try Self.visit(part, "xl/styles.xml") { event in
      switch event {
      case .start("numFmt", let attributes):
        guard let id = attributes["numFmtId"].flatMap({ Int($0) }), let code = attributes["formatCode"] else { return }
        if Self.showsDay(code) { dateFormats.insert(id) } else { dateFormats.remove(id) }
      case .start("cellXfs", _): isInside = true
      case .end("cellXfs"): isInside = false
      case .start("xf", let attributes):
        guard isInside else { return }
        if dateFormats.contains(attributes["numFmtId"].flatMap { Int($0) } ?? 0) { styles.insert(count) }
        count += 1
      default: break
      }
    }
    dateStyles = styles
  }

  /// Whether a format shows a day, a month or a year: not within quotes, brackets or behind a backslash.
  private static func showsDay(_ code: String) -> Bool {
    var (isQuoted, isBracketed, isEscaped) = (false, false, false)
    for character in code.lowercased() {
      if isEscaped {
        isEscaped = false
      } else if character == "\"" {
        isQuoted.toggle()
      } else if !isQuoted, character == "\\" {
        isEscaped = true
      } else if !isQuoted, character == "[" || character == "]" {
        isBracketed = character == "["
      } else if !isQuoted, !isBracketed, character == "y" || character == "d" {
        return true
      }
    }
    return false
  }
}
