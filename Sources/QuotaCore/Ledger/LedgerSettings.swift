/// What the configuration says of the ledger: the `ledger` object.
package struct LedgerSettings: Hashable, Sendable {
  /// How old an execution may become before the vendor is no longer asked for it.
  package var giveUpAfter: TimeSpan
  package var columns: LedgerColumns

  package init(giveUpAfter: TimeSpan = .days(3), columns: LedgerColumns = LedgerColumns()) {
    self.giveUpAfter = giveUpAfter
    self.columns = columns
  }

  package static let shape = Shape.object(
    Fields(
      Field(
        "give_up_after", .timeSpan(), .usually(LedgerSettings().giveUpAfter),
        "How old an execution may become before the vendor is no longer asked for it."),
      Field(
        "import", LedgerColumns.shape, .usually(LedgerColumns()),
        "How files look that `quotawatch ledger import` reads.")
    ) { LedgerSettings(giveUpAfter: $0, columns: $1) }
  )
  .named("ledger", "Our own count of executions.")
}

/// What the columns of an imported file (or the members of its objects) are called.
package struct LedgerColumns: Hashable, Sendable {
  /// The names that are not the fields' own.
  package private(set) var names: [LedgerField: String]
  /// How the characters are written.
  package let encoding: TextEncoding
  /// What separates the columns of a CSV file, one ASCII character.
  package let delimiter: UInt8
  /// How times are written, tried in turn; without a zone of their own they are in the billing time zone.
  package let times: [DateGrammar]

  package init(
    names: [LedgerField: String] = [:], encoding: TextEncoding = .utf8, delimiter: UInt8 = UInt8(ascii: ","),
    times: [DateGrammar] = usualTimes
  ) {
    self.names = names
    self.encoding = encoding
    self.delimiter = delimiter
    self.times = times
  }

  package static let usualTimes = ["iso8601", "yyyy-MM-dd HH:mm:ss z", "yyyy-MM-dd HH:mm:ss.S z"]
    .compactMap { DateGrammar(pattern: $0) }

  package subscript(field: LedgerField) -> String { names[field] ?? field.rawValue }

  /// Whether the configuration names a column for this field, which then has to be there.
  package func isChosen(_ field: LedgerField) -> Bool { names[field] != nil }

  static let shape = Shape.object(
    Fields(
      Field(
        "encoding", .choice(of: TextEncoding.self), .usually(.utf8),
        "The characters; UTF-16 is told by its byte order mark."),
      Field(
        "delimiter", .delimiter, .usually(UInt8(ascii: ",")), "What separates the columns of a CSV file, one character."
      ),
      Field(
        "columns", .object(columns).named("ledgerColumns", "What the columns are called."), .usually([:]),
        "What the columns of a CSV file (or the members of JSON Lines) are called that have other names than here."),
      Field(
        "dates", .oneOrMore(.dateGrammar), .usually(usualTimes, "`iso8601`, also with `UTC`"),
        "How times are written, tried in turn, as in a [mapping of invoices](invoices.md#dates); without a zone of their own they are in the billing time zone."
      )
    ) { LedgerColumns(names: $2, encoding: $0, delimiter: $1, times: $3) }
    .checked(at: "dates") { (columns: LedgerColumns) -> String? in
      columns.times.contains(where: \.needsPivot) ? "a time needs a year of four digits: use yyyy" : nil
    }
  )
  .named("ledgerImport", "How files look that `quotawatch ledger import` reads.")

  private static let columns: Fields<[LedgerField: String]> = LedgerField.allCases.reduce(.none([:])) { fields, field in
    Fields(fields, Field(field.rawValue, .columnName, .optional, field.text)) { names, name in
      var names = names
      names[field] = name
      return names
    }
  }
}

/// What a row of an imported file may tell.
package enum LedgerField: String, CaseIterable, Sendable {
  case organization
  case kind
  case id
  case pages
  case status
  case requestedAt = "requested_at"
  case endedAt = "ended_at"

  fileprivate var text: String {
    switch self {
    case .organization: "The organization's id."
    case .kind: "What was asked for: step, conversion or identification."
    case .id: "The vendor's id of the execution."
    case .pages: "How many pages it counted."
    case .status: "How far it is, in the vendor's words."
    case .requestedAt: "When it was requested."
    case .endedAt: "When it ended."
    }
  }
}

extension Shape<String> {
  /// The name of a column.
  package static var columnName: Shape { .text.named("columnName", "The name of a column.") }
}

extension Shape<UInt8> {
  /// One ASCII character that can separate the columns of a CSV file, or `tab`.
  package static var delimiter: Shape {
    Shape(
      "character", pattern: #"^(?:[\t !#-/:-@\[-`{-~]|tab)$"#, accepts: [",", ";", "|", "\t", " ", "tab"],
      refuses: ["a", "5", "\"", ",,", "é"], encode: { .text(String(decoding: [$0], as: UTF8.self)) },
      decode: { $0.delimiter() })
  }
}

extension ConfigurationNode {
  fileprivate func delimiter() -> UInt8? {
    guard let text = string() else { return nil }
    if text == "tab" { return UInt8(ascii: "\t") }
    let bytes = Array(text.utf8)
    guard bytes.count == 1, bytes[0] == 0x09 || (0x20...0x7E).contains(bytes[0]), bytes[0] != UInt8(ascii: "\""),
      !bytes[0].isAlphanumeric
    else {
      report(
        "expected one character that separates fields, such as \",\", \";\" or \"|\", or \"tab\"; found \"\(text)\"")
      return nil
    }
    return bytes[0]
  }
}
