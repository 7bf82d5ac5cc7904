/// What the configuration says of the ledger: the `ledger` object.
package struct LedgerSettings: Hashable, Sendable {
  /// How old an execution may become before the vendor is no longer asked for it.
  package var giveUpAfter: TimeSpan
  package var columns: LedgerColumns

  package init(giveUpAfter: TimeSpan = .days(3), columns: LedgerColumns = LedgerColumns()) {
    self.giveUpAfter = giveUpAfter
    self.columns = columns
  }

  /// Decodes `ledger`.
  package init?(from node: ConfigurationNode) {
    let settings = node.object { object -> LedgerSettings? in
      var settings = LedgerSettings()
      settings.giveUpAfter = object.optional("give_up_after")?.timeSpan() ?? settings.giveUpAfter
      let columns = object.optional("import").map { $0.object { LedgerColumns(from: &$0) } }
      settings.columns = (columns ?? nil) ?? settings.columns
      return settings
    }
    guard let settings else { return nil }
    self = settings
  }
}

/// What the columns of an imported file (or the members of its objects) are called.
package struct LedgerColumns: Hashable, Sendable {
  /// What a row may tell.
  package enum Field: String, CaseIterable, Sendable {
    case organization
    case kind
    case id
    case pages
    case status
    case requestedAt = "requested_at"
    case endedAt = "ended_at"
  }

  /// The names that are not the fields' own.
  package private(set) var names: [Field: String]
  /// What separates the columns of a CSV file, one ASCII character.
  package let delimiter: UInt8

  package init(names: [Field: String] = [:], delimiter: UInt8 = UInt8(ascii: ",")) {
    self.names = names
    self.delimiter = delimiter
  }

  package subscript(field: Field) -> String { names[field] ?? field.rawValue }

  /// Whether the configuration names a column for this field, which then has to be there.
  package func isChosen(_ field: Field) -> Bool { names[field] != nil }

  init?(from object: inout ConfigurationObject) {
    let delimiter = object.optional("delimiter").map { $0.delimiter() }
    var names: [Field: String] = [:]
    _ = object.optional("columns")?.object { columns -> Bool? in
      for field in Field.allCases { names[field] = columns.optional(field.rawValue)?.string() }
      return true
    }
    self.init(names: names, delimiter: (delimiter ?? nil) ?? UInt8(ascii: ","))
  }
}

extension ConfigurationNode {
  /// One ASCII character that can separate the columns of a CSV file.
  fileprivate func delimiter() -> UInt8? {
    guard let text = string() else { return nil }
    let bytes = Array(text.utf8)
    guard bytes.count == 1, bytes[0] == 0x09 || (0x20...0x7E).contains(bytes[0]), bytes[0] != UInt8(ascii: "\""),
      !bytes[0].isAlphanumeric
    else {
      report("expected one character that separates columns, such as \",\", \";\", \"|\" or \"\\t\"")
      return nil
    }
    return bytes[0]
  }
}
