/// The rows of a sheet, put together from the elements of its part.
struct SheetReading {
  let texts: [String]
  let dateStyles: Set<Int>
  let startsIn1904: Bool
  private(set) var rows: [TableRow] = []
  private var number = 0
  private var cells: [InvoiceCell?] = []
  private var cell = Cell()
  private var isValue = false

  /// A cell that is being read.
  private struct Cell {
    var reference = ""
    var column = 0
    var type = "n"
    var style = 0
    var text = ""
    var hasFormula = false
    var hasValue = false
  }

  /// How many columns a sheet of Excel has.
  private static let columnCount = 16_384

  init(texts: [String], dateStyles: Set<Int>, startsIn1904: Bool) {
    self.texts = texts
    self.dateStyles = dateStyles
    self.startsIn1904 = startsIn1904
  }

  mutating func take(_ event: XMLReader.Token) throws(WorkbookReader.Problem) {
    switch event {
    case .start("row", let attributes):
      number = attributes["r"].flatMap { Int($0) } ?? number + 1
      cells = []
    case .start("c", let attributes):
      cell = Cell()
      cell.reference = attributes["r"] ?? ""
      cell.column = Self.column(cell.reference) ?? cells.count
      cell.type = attributes["t"] ?? "n"
      cell.style = attributes["s"].flatMap { Int($0) } ?? 0
    case .start("f", _): cell.hasFormula = true
    case .start("v", _), .start("t", _): (isValue, cell.hasValue) = (true, true)
    case .end("v"), .end("t"): isValue = false
    case .text(let text): if isValue { cell.text += text }
    case .end("c"): try endCell()
    case .end("row"): if cells.contains(where: { $0 != nil }) { rows.append(TableRow(number: number, cells: cells)) }
    default: break
    }
  }

  private mutating func endCell() throws(WorkbookReader.Problem) {
    guard cell.column < Self.columnCount else { throw problem("is beyond the last column") }
    let value = try value()
    while cells.count < cell.column { cells.append(nil) }
    cells.append(value)
  }

  private func problem(_ message: String) -> WorkbookReader.Problem {
    WorkbookReader.Problem(message: "cell \(cell.reference.isEmpty ? "in row \(number)" : cell.reference) \(message)")
  }

  private func value() throws(WorkbookReader.Problem) -> InvoiceCell? {
    guard cell.hasValue else {
      if cell.hasFormula { throw problem("has a formula without a stored value; save the workbook in a spreadsheet") }
      return nil
    }
    switch cell.type {
    case "s":
      guard let index = Int(cell.text), texts.indices.contains(index) else {
        throw problem("has a text that is missing")
      }
      return Self.text(texts[index])
    case "str", "inlineStr": return Self.text(cell.text)
    case "b": return .text(cell.text == "1" ? "true" : "false")
    case "e": throw problem("has the error \(cell.text)")
    case "d": return .text(cell.text)
    default:
      guard let number = ExactDecimal(jsonNumber: cell.text)?.roundedToDouble else {
        throw problem("has a number that cannot be kept exactly: \(cell.text)")
      }
      return dateStyles.contains(cell.style) ? try date(number) : .number(number.description)
    }
  }

  private static func text(_ text: String) -> InvoiceCell? {
    let text = text.withoutOuterSpaces
    return text.isEmpty ? nil : .text(text)
  }

  /// A serial number of a day, the time as its fraction.
  private func date(_ serial: ExactDecimal) throws(WorkbookReader.Problem) -> InvoiceCell {
    let day = serial.isNegative ? nil : Int(serial.description.prefix { $0 != "." })
    // 29 February 1900, which never was, is day 60: before it everything is one day off.
    guard let day, startsIn1904 || day > 60, day < 100_000 else { throw problem("has a date that there is not") }
    let seconds = ((serial - ExactDecimal(Int64(day))) * ExactDecimal(86_400)).rounded(to: 0)
    let date = CivilDate(dayNumber: day - (startsIn1904 ? 24_107 : 25_569))
    return .date(date, seconds: Int(seconds.description) ?? 0)
  }

  /// The place of a cell such as `AB12` in its row, from 0.
  private static func column(_ reference: String) -> Int? {
    let letters = reference.utf8.prefix { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
    guard (1...3).contains(letters.count) else { return nil }
    return letters.reduce(0) { $0 * 26 + Int($1 - UInt8(ascii: "A")) + 1 } - 1
  }
}

extension ExactDecimal {
  /// The number that a spreadsheet shows for one that it stores with all digits of a double: at most 15 digits count.
  fileprivate var roundedToDouble: ExactDecimal {
    let whole = absolute.description.prefix { $0 != "." }
    let leading = whole == "0" ? absolute.description.dropFirst(2).prefix { $0 == "0" }.count : -whole.count
    return rounded(to: max(0, 15 + leading))
  }
}
