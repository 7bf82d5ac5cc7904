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
  private var isPhonetic = false

  /// A cell that is being read.
  private struct Cell {
    var reference = ""
    var column = 0
    var type = "n"
    var style = 0
    var text = ""
    var hasFormula = false
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
    case .start("rPh", _): isPhonetic = true
    case .end("rPh"): isPhonetic = false
    case .start("v", _), .start("t", _): isValue = !isPhonetic
    case .end("v"), .end("t"): isValue = false
    case .text(let text): if isValue { cell.text += text }
    case .end("c"): try endCell()
    case .end("row"): if cells.contains(where: { $0 != nil }) { rows.append(TableRow(number: number, cells: cells)) }
    default: break
    }
  }

  private mutating func endCell() throws(WorkbookReader.Problem) {
    guard cell.column < Self.columnCount else {
      throw WorkbookReader.Problem(message: "\(place) is beyond the last column")
    }
    let value = value
    while cells.count < cell.column { cells.append(nil) }
    cells.append(value)
  }

  private var place: String { "cell \(cell.reference.isEmpty ? "in row \(number)" : cell.reference)" }

  /// A cell that nobody reads may have an error, or a date that there is not.
  private func unreadable(_ why: String) -> InvoiceCell { .unreadable("\(place) \(why)") }

  private var value: InvoiceCell? {
    switch cell.type {
    // A formula may come to an empty text.
    case "str", "inlineStr": return Self.text(cell.text)
    case _ where cell.text.isEmpty:
      return cell.hasFormula
        ? unreadable("has a formula without a stored value; save the workbook in a spreadsheet") : nil
    case "s":
      guard let index = Int(cell.text), texts.indices.contains(index) else {
        return unreadable("has a text that is missing")
      }
      return Self.text(texts[index])
    case "b": return .text(cell.text == "1" ? "true" : "false")
    case "e": return unreadable("has the error \(cell.text)")
    case "d": return Self.date(cell.text) ?? .text(cell.text)
    default:
      guard let number = ExactDecimal(jsonNumber: cell.text)?.roundedToDouble else {
        return unreadable("has a number that cannot be kept exactly: \(cell.text)")
      }
      return dateStyles.contains(cell.style) ? date(number) : .number(number.description)
    }
  }

  private static func text(_ text: String) -> InvoiceCell? {
    let text = text.decodedFromSpreadsheet.withoutOuterSpaces
    return text.isEmpty ? nil : .text(text)
  }

  /// A day as ISO 8601 writes it, with a time of the day or without.
  private static func date(_ text: String) -> InvoiceCell? {
    let parts = text.split(separator: "T", maxSplits: 1)
    guard let day = parts.first.flatMap({ CalendarDay($0) }) else { return nil }
    let date = CivilDate(dayNumber: day.dayNumber)
    guard parts.count == 2 else { return .date(date, seconds: 0) }
    let numbers = parts[1].prefix { $0 != "." && $0 != "Z" }.split(separator: ":").map { Int($0) }
    guard numbers.count == 3, let hour = numbers[0], let minute = numbers[1], let second = numbers[2],
      (0..<24).contains(hour), (0..<60).contains(minute), (0..<60).contains(second)
    else { return nil }
    return .date(date, seconds: (hour * 60 + minute) * 60 + second)
  }

  /// A serial number of a day, the time as its fraction.
  private func date(_ serial: ExactDecimal) -> InvoiceCell {
    let day = serial.isNegative ? nil : Int(serial.description.prefix { $0 != "." })
    // 29 February 1900, which never was, is day 60: before it everything is one day off.
    guard let day, startsIn1904 || day > 60, day < 100_000 else { return unreadable("has a date that there is not") }
    // To the millisecond, which is what the digits tell, and then down to the second that has begun, as of texts.
    let seconds = ((serial - ExactDecimal(Int64(day))) * ExactDecimal(86_400)).rounded(to: 3)
    let date = CivilDate(dayNumber: day - (startsIn1904 ? 24_107 : 25_569))
    return .date(date, seconds: Int(seconds.description.prefix { $0 != "." }) ?? 0)
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
  /// What is next to nothing and has more of them is what a sum of doubles leaves, and 0.
  fileprivate var roundedToDouble: ExactDecimal {
    let digits = absolute.description.filter(\.isNumber).drop { $0 == "0" }.count
    if digits > 15, absolute < ExactDecimal(1).movingPoint(left: 9) { return .zero }
    let whole = absolute.description.prefix { $0 != "." }
    let leading = whole == "0" ? absolute.description.dropFirst(2).prefix { $0 == "0" }.count : -whole.count
    return rounded(to: max(0, 15 + leading))
  }
}
