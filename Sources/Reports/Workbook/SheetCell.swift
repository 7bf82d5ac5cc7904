import FoundationEssentials
import QuotaCore

/// One cell of a worksheet.
enum SheetCell: Hashable, Sendable {
  case empty
  case header(String)
  case text(String)
  /// The digits of a number or of a date, and how they are shown.
  case number(String, SheetStyle)

  /// A spreadsheet computes with 15 digits: what has more would be changed, and stays text.
  private static let exactDigits = 15
  /// How many UTF-16 units Excel takes in a cell.
  private static let maximumText = 32_767

  init(_ cell: ReportCell, isGrouped: Bool) {
    switch cell {
    case .missing: self = .empty
    case .text(let text): self = .text(text)
    case .whole(let number):
      self = Self.number(ExactDecimal(number), minimumDecimals: 0, isGrouped ? .decimals(0) : .whole)
    case .decimal(let number, let decimals):
      self = Self.number(number, minimumDecimals: decimals, .decimals(max(decimals, number.decimals)))
    case .month(let month): self = .number("\(month.firstDay + Self.epoch)", .month)
    case .time(let time): self = .number(Self.serial(time), .time)
    }
  }

  private static func number(_ number: ExactDecimal, minimumDecimals: Int, _ style: SheetStyle) -> SheetCell {
    let isExact = number.description.utf8.count { $0.isDigit } <= exactDigits
    return isExact ? .number(number.description, style) : .text(number.text(minimumDecimals: minimumDecimals))
  }

  /// 1970-01-01 in days since 1899-12-30.
  private static let epoch = 25_569

  /// The days and the part of a day, to a hundredth of a millisecond.
  private static func serial(_ time: Date) -> String {
    let milliseconds = ExactDecimal(Int64((time.timeIntervalSince1970 * 1_000).rounded()))
    let days = milliseconds.divided(by: ExactDecimal(86_400_000), decimals: 10) ?? .zero
    return (days + ExactDecimal(Int64(epoch))).description
  }

  /// - Parameter reference: such as `B7`.
  func xml(at reference: String) -> String {
    switch self {
    case .empty: ""
    case .header(let text): Self.inline(text, reference, .header)
    case .text(let text): Self.inline(text, reference, .general)
    case .number(let digits, let style): "<c r=\"\(reference)\" s=\"\(style.index)\"><v>\(digits)</v></c>"
    }
  }

  private static func inline(_ text: String, _ reference: String, _ style: SheetStyle) -> String {
    let content = shortened(text).escapedForSpreadsheet
    return
      "<c r=\"\(reference)\" s=\"\(style.index)\" t=\"inlineStr\"><is><t xml:space=\"preserve\">\(content)</t></is></c>"
  }

  private static func shortened(_ text: String) -> String {
    guard text.utf16.count > maximumText else { return text }
    var units = 0
    let kept = text.unicodeScalars.prefix { scalar in
      units += UTF16.width(scalar)
      return units < maximumText
    }
    return String(String.UnicodeScalarView(kept)) + "…"
  }
}

/// How a cell is shown.
enum SheetStyle: Hashable, Sendable {
  case general
  case header
  /// Without anything between thousands.
  case whole
  case month
  case time
  /// With a separator between thousands and so many decimals.
  case decimals(Int)

  private static let maximumDecimals = 8
  private static let all: [SheetStyle] =
    [.general, .header, .whole, .month, .time] + (0...maximumDecimals).map { .decimals($0) }

  /// The style's number in the workbook.
  var index: Int { Self.all.firstIndex(of: self) ?? 0 }

  private var formatCode: String {
    switch self {
    case .general, .header: "General"
    case .whole: "0"
    case .month: "yyyy\\-mm"
    case .time: "yyyy\\-mm\\-dd\\ hh:mm:ss"
    case .decimals(let count): "#,##0" + (count == 0 ? "" : "." + String(repeating: "0", count: count))
    }
  }

  /// The part of the workbook that lists the styles.
  static let part: String = {
    // Formats below 164 are built in.
    let formats = all.enumerated().map { "<numFmt numFmtId=\"\(164 + $0)\" formatCode=\"\($1.formatCode)\"/>" }
    let cells = all.enumerated().map { index, style in
      let (format, font) = (style.formatCode == "General" ? 0 : 164 + index, style == .header ? 1 : 0)
      return "<xf numFmtId=\"\(format)\" fontId=\"\(font)\" fillId=\"0\" borderId=\"0\" xfId=\"0\""
        + " applyNumberFormat=\"1\" applyFont=\"1\"/>"
    }
    return WorkbookParts.declaration + """
      <styleSheet xmlns="\(WorkbookParts.main)"><numFmts count="\(all.count)">\(formats.joined())</numFmts>\
      <fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>\
      <font><b/><sz val="11"/><name val="Calibri"/></font></fonts>\
      <fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>\
      </fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>\
      <cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>\
      <cellXfs count="\(all.count)">\(cells.joined())</cellXfs>\
      <cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>

      """
  }()
}
