/// Which column of a CSV file holds which field.
struct LedgerHeader {
  /// How many columns the header has, and so every row has to have.
  let width: Int
  private let places: [LedgerField: Int]

  subscript(field: LedgerField) -> Int? { places[field] }

  /// Finds the columns by their names; others are left alone. A column that is missing or that is there twice makes the
  /// file unreadable.
  static func read(_ row: CSVRow, _ context: LedgerImport.Context) -> Result<LedgerHeader, LedgerImport.Issue> {
    if let delimiter = CSVReader.statedDelimiter(in: row.fields, cutBy: context.columns.delimiter) {
      return .failure(
        issue(
          row,
          "this line tells spreadsheets that the fields are separated by \(delimiter); take it out, and set \"ledger.import.delimiter\": \(delimiter) in the configuration"
        ))
    }
    var places: [LedgerField: Int] = [:]
    for field in LedgerField.allCases {
      let name = context.columns[field]
      let found = row.fields.indices.filter { row.fields[$0].withoutOuterSpaces == name }
      if found.count > 1 { return .failure(issue(row, "the column \"\(name)\" is there twice")) }
      guard found.isEmpty, context.needs(field) else {
        places[field] = found.first
        continue
      }
      if let delimiter = otherDelimiter(row, context) {
        return .failure(
          issue(
            row, "the fields seem to be separated by \(delimiter); set \"ledger.import.delimiter\" in the configuration"
          ))
      }
      let names = row.fields.map { ForeignText.line($0, limit: 40) }
      return .failure(
        issue(
          row,
          "there is no column \"\(name)\" for \"\(field.rawValue)\"\(suggestion(for: name, among: names)); name it in \"ledger.import.columns\" of the configuration"
        ))
    }
    return .success(LedgerHeader(width: row.fields.count, places: places))
  }

  /// What would separate a header of one column into those that are needed.
  private static func otherDelimiter(_ row: CSVRow, _ context: LedgerImport.Context) -> String? {
    guard row.fields.count == 1 else { return nil }
    let needed = LedgerField.allCases.filter(context.needs).map { context.columns[$0] }
    return CSVReader.delimiters.first { delimiter, _ in
      let names = row.fields[0].split(separator: delimiter, omittingEmptySubsequences: false)
        .map { String($0).withoutOuterSpaces }
      return needed.allSatisfy(names.contains)
    }?.name
  }

  private static func issue(_ row: CSVRow, _ message: String) -> LedgerImport.Issue {
    LedgerImport.Issue(line: row.line, message: message)
  }
}

extension LedgerImport.Context {
  /// Whether a file has to tell this.
  func needs(_ field: LedgerField) -> Bool {
    switch field {
    case .organization: columns.isChosen(field) || organization == nil
    case .kind: columns.isChosen(field) || kind == nil
    case .pages, .endedAt: columns.isChosen(field)
    case .id, .status, .requestedAt: true
    }
  }
}
