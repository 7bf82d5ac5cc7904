import QuotaCore

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
  /// On one line, over the cells beside it.
  case plain
  case title
  case emphasis(Emphasis)
  case total
  case totalDecimals(Int)
  /// Over numbers.
  case numberHeader

  static let maximumDecimals = 8
  private static let all: [SheetStyle] =
    [.general, .header, .whole, .month, .time] + (0...maximumDecimals).map { .decimals($0) } + [.title, .plain]
    + Emphasis.allCases.map { .emphasis($0) } + [.total] + (0...maximumDecimals).map { .totalDecimals($0) } + [
      .numberHeader
    ]

  /// The style's number in the workbook.
  var index: Int {
    let decimals = Self.maximumDecimals
    return switch self {
    case .general: 0
    case .header: 1
    case .whole: 2
    case .month: 3
    case .time: 4
    // What has more decimals is shown as it is.
    case .decimals(let count): count <= decimals ? 5 + count : SheetStyle.general.index
    case .title: 6 + decimals
    case .plain: 7 + decimals
    case .emphasis(.good): 8 + decimals
    case .emphasis(.open): 9 + decimals
    case .emphasis(.bad): 10 + decimals
    case .total: 11 + decimals
    case .totalDecimals(let count): count <= decimals ? 12 + decimals + count : SheetStyle.total.index
    case .numberHeader: 13 + 2 * decimals
    }
  }

  /// What stands in a cell of the style between its place and its value, by what is in it.
  var xml: (blank: [UInt8], text: [UInt8], number: [UInt8]) { Self.xml[index] }

  private static let xml = all.map { style in
    let style = "\" s=\"\(style.index)\""
    return (
      blank: Array("\(style)/>".utf8),
      text: Array("\(style) t=\"inlineStr\"><is><t xml:space=\"preserve\">".utf8),
      number: Array("\(style)><v>".utf8)
    )
  }

  private var formatCode: String? {
    switch self {
    case .general, .header, .numberHeader, .plain, .title, .emphasis, .total: nil
    case .whole: "0"
    case .month: "yyyy\\-mm"
    case .time: "yyyy\\-mm\\-dd\\ hh:mm:ss"
    case .decimals(let count), .totalDecimals(let count):
      "#,##0" + (count == 0 ? "" : "." + String(repeating: "0", count: count))
    }
  }

  private var font: Int {
    switch self {
    case .header, .numberHeader, .total, .totalDecimals: 1
    case .title: 2
    default: 0
    }
  }

  /// Without one, or the second one that every workbook has.
  private var fill: Int {
    switch self {
    case .header, .numberHeader: 2
    case .emphasis(.good): 3
    case .emphasis(.open): 4
    case .emphasis(.bad): 5
    default: 0
    }
  }

  private var border: Int {
    switch self {
    case .total, .totalDecimals: 1
    default: 0
    }
  }

  /// Whether a text goes on in the next line, where its column is too narrow.
  var wraps: Bool {
    switch self {
    case .general, .header, .numberHeader, .emphasis: true
    default: false
    }
  }

  private var alignment: String {
    switch self {
    case .month, .time: " horizontal=\"left\""
    case .emphasis: " horizontal=\"left\" indent=\"1\""
    case .numberHeader: " horizontal=\"right\""
    default: ""
    }
  }

  /// Of the fills, behind the two that are fixed: the header's, and those of what stands out.
  private static let colors = ["FFE7E6E6", "FFDCEBF7", "FFEDEDED", "FFFBE3D6"]

  /// The part of the workbook that lists the styles.
  static let part: String = {
    // Formats below 164 are built in.
    let formats = all.enumerated().compactMap { index, style in
      style.formatCode.map { "<numFmt numFmtId=\"\(164 + index)\" formatCode=\"\($0)\"/>" }
    }
    let fills = colors.map {
      "<fill><patternFill patternType=\"solid\"><fgColor rgb=\"\($0)\"/><bgColor indexed=\"64\"/></patternFill></fill>"
    }
    let cells = all.enumerated().map { index, style in
      "<xf numFmtId=\"\(style.formatCode == nil ? 0 : 164 + index)\" fontId=\"\(style.font)\" fillId=\"\(style.fill)\""
        + " borderId=\"\(style.border)\" xfId=\"0\" applyNumberFormat=\"1\" applyFont=\"1\" applyFill=\"1\""
        + " applyBorder=\"1\" applyAlignment=\"1\"><alignment vertical=\"top\"\(style.alignment)\(style.wraps ? " wrapText=\"1\"" : "")/></xf>"
    }
    return WorkbookParts.declaration + """
      <styleSheet xmlns="\(WorkbookParts.main)"><numFmts count="\(formats.count)">\(formats.joined())</numFmts>\
      <fonts count="3"><font><sz val="11"/><name val="Calibri"/></font>\
      <font><b/><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="14"/><name val="Calibri"/></font></fonts>\
      <fills count="\(2 + fills.count)"><fill><patternFill patternType="none"/></fill>\
      <fill><patternFill patternType="gray125"/></fill>\(fills.joined())</fills>\
      <borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border>\
      <border><left/><right/><top style="thin"><color auto="1"/></top><bottom/><diagonal/></border></borders>\
      <cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>\
      <cellXfs count="\(all.count)">\(cells.joined())</cellXfs>\
      <cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>

      """
  }()
}
