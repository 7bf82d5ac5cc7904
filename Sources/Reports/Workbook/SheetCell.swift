import FoundationEssentials
import QuotaCore

/// One cell of a worksheet.
enum SheetCell: Hashable, Sendable {
  case empty
  /// Without a value, but as a part of what is around it.
  case blank(SheetStyle)
  case text(String, SheetStyle = .general)
  /// The digits of a number or of a date, and how they are shown.
  case number(String, SheetStyle)

  /// An amount in a currency, as a total of others or not.
  static func amount(_ amount: ExactDecimal?, _ currency: Currency?, isTotal: Bool = false) -> SheetCell {
    guard let amount else { return isTotal ? .blank(.total) : .empty }
    let decimals = max(currency?.minorUnit ?? 0, amount.decimals)
    return number(amount, minimumDecimals: decimals, isTotal ? .totalDecimals(decimals) : .decimals(decimals))
  }

  static func count(_ count: Int, isTotal: Bool = false) -> SheetCell {
    .number("\(count)", isTotal ? .totalDecimals(0) : .decimals(0))
  }

  /// A spreadsheet computes with 15 digits: what has more would be changed, and stays text.
  private static let exactDigits = 15

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
    let digits = number.description
    let isExact = digits.utf8.count { $0.isDigit } <= exactDigits
    return isExact ? .number(digits, style) : .text(number.text(minimumDecimals: minimumDecimals))
  }

  /// 1970-01-01 in days since 1899-12-30.
  private static let epoch = 25_569

  /// The days and the part of a day, to a hundredth of a millisecond.
  private static func serial(_ time: Date) -> String {
    let milliseconds = ExactDecimal(Int64((time.timeIntervalSince1970 * 1_000).rounded()))
    let days = milliseconds.divided(by: ExactDecimal(86_400_000), decimals: 10) ?? .zero
    return (days + ExactDecimal(Int64(epoch))).description
  }

  /// How many lines the cell takes in a column of so many characters: about, since letters differ in width.
  func lines(width: Int) -> Int {
    guard case .text(let text, let style) = self, style.wraps, text.utf8.count >= width || text.utf8.contains(10)
    else { return 1 }
    return text.split(separator: "\n", omittingEmptySubsequences: false).reduce(0) { lines, line in
      lines + max(1, (line.unicodeScalars.count + width - 1) / width)
    }
  }

  /// Adds the cell's XML.
  ///
  /// - Parameters:
  ///   - column: see ``SheetXML/cell(inColumn:)``.
  ///   - row: the digits of its number, from 1.
  func add(to xml: inout [UInt8], _ column: [UInt8], _ row: [UInt8]) {
    if case .empty = self { return }
    xml += column
    xml += row
    switch self {
    case .empty: break
    case .blank(let style): xml += style.xml.blank
    case .text(let text, let style):
      xml += style.xml.text
      xml.append(text.fittingCell().escapedForSpreadsheet)
      xml += SheetXML.textEnd
    case .number(let digits, let style):
      xml += style.xml.number
      xml.append(digits)
      xml += SheetXML.numberEnd
    }
  }
}
