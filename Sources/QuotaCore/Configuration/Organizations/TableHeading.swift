/// How the fields of a table are separated, told by its first lines.
struct TableForm {
  let delimiter: UInt8
  let skippedLines: Int

  /// What a first line of Excel's says (`sep=;`), or the delimiter that finds most columns.
  init(of text: [UInt8], names: [OrganizationColumn: String]) {
    let lines = text.prefix(1 << 16).split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == 0x0A || $0 == 0x0D }
    let first = Array(lines.first ?? [])
    let stated = String(decoding: first, as: UTF8.self).lowercased()
    if stated.hasPrefix("sep="), let delimiter = first.dropFirst(4).first ?? first.last, first.count < 6 {
      self.delimiter = delimiter
      skippedLines = 1
      return
    }
    skippedLines = 0
    let found = CSVReader.delimiters.compactMap(\.character.asciiValue).map { delimiter in
      var (reader, rows) = (CSVReader(delimiter: delimiter), [CSVRow]())
      try? reader.read(first + [0x0A], into: &rows)
      return (delimiter: delimiter, count: rows.first.map { TableHeading.columns(in: $0.fields, names).count } ?? 0)
    }
    delimiter = found.max { $0.count < $1.count }?.delimiter ?? UInt8(ascii: ",")
  }
}

/// The headings of a table of organizations.
struct TableHeading: Sendable {
  /// As they are written, without spaces around them.
  let names: [String]
  /// Where each column is that there is.
  let columns: [OrganizationColumn: Int]
  /// Columns that say where a secret is, and columns that by their names hold one.
  private let references: Set<Int>
  private let secrets: Set<Int>

  /// Nil after reporting what is wrong with them.
  init?(
    _ row: CSVTable.Row, _ given: [OrganizationColumn: String], at base: Int, _ issues: ConfigurationIssues,
    _ warnings: ConfigurationIssues
  ) {
    let names = row.fields.map(\.withoutOuterSpaces)
    let found = Self.columns(in: names, given)
    let columns = Dictionary(found.map { ($0.column, $0.index) }) { first, _ in first }
    let known = Set(found.map(\.index))
    let secrets = Set(names.indices.filter { !known.contains($0) && Self.isCalledSecret(names[$0]) })
    (self.names, self.columns, self.secrets) = (names, columns, secrets)
    references = Set(found.filter { $0.column.reference != nil }.map(\.index))
    func start(_ index: Int) -> Int { base + row.starts[index] }
    for (column, index) in found where columns[column] != index {
      issues.report(
        "two columns are called \"\(names[index])\"; which one counts cannot be told", path: "", offset: start(index))
    }
    let missing = Self.missing(in: names, columns, given)
    for message in missing { issues.report(message, path: "", offset: start(0)) }
    guard missing.isEmpty, found.count == columns.count else { return nil }
    let unknown = names.indices.filter { !known.contains($0) && !secrets.contains($0) && !names[$0].isEmpty }
    guard let first = unknown.first else { return }
    warnings.report(
      Self.warning(ofUnknown: unknown.map { names[$0] }, besides: columns), path: "", offset: start(first))
  }

  /// What is wrong where a column is not there that has to be.
  private static func missing(
    in names: [String], _ columns: [OrganizationColumn: Int], _ given: [OrganizationColumn: String]
  ) -> [String] {
    let all = names.filter { !$0.isEmpty }
    return OrganizationColumn.allCases.filter { columns[$0] == nil }.compactMap { column in
      if let name = given[column] {
        return "there is no column \"\(name)\" for \(column.rawValue); the columns are \(all.joined(separator: ", "))"
      }
      guard column == .id else { return nil }
      return
        "there is no column \"id\"; the columns are \(all.joined(separator: ", ")); say which it is with \"columns\": {\"id\": \"\(all.first ?? "")\"} in \"organizations_file\""
    }
  }

  private static func warning(ofUnknown names: [String], besides columns: [OrganizationColumn: Int]) -> String {
    let free = OrganizationColumn.allCases.filter { columns[$0] == nil }.map(\.rawValue)
    let words = names.map { "\"\($0)\"" }.joined(separator: ", ")
    let near = names.lazy.compactMap { nearestWord(to: normalized($0), among: free) }
    let question = near.first.map { "; did you mean \"\($0)\"?" } ?? ""
    return
      "\(names.count == 1 ? "the column \(words) is" : "the columns \(words) are") not known and passed over\(question)"
  }

  /// What a message calls a column.
  func name(of column: OrganizationColumn) -> String { columns[column].map { names[$0] } ?? column.rawValue }

  /// Whether a cell holds a secret where none may stand: by the column's name, by how it begins, or, where a reference to a
  /// secret is expected, by how it looks.
  func isSecret(_ text: String, in column: Int) -> Bool {
    guard !text.isEmpty, !secrets.contains(column) else { return !text.isEmpty }
    if references.contains(column) {
      return SecretReference.looksLikeSecret(text.split(separator: "/").last.map(String.init) ?? text)
    }
    // Words and ids of people may begin alike.
    return SecretReference.beginsLikeSecret(text) && text.utf8.count >= 16 && text.utf8.contains(where: \.isDigit)
      && text.split(separator: " ").count <= 2
  }

  /// The known columns among some headings.
  static func columns(
    in names: [String], _ given: [OrganizationColumn: String]
  ) -> [(column: OrganizationColumn, index: Int)] {
    names.enumerated().compactMap { index, name in
      let name = normalized(name)
      let column =
        OrganizationColumn.allCases.first { given[$0].map(normalized) == name }
        ?? OrganizationColumn(rawValue: name).flatMap { given[$0] == nil ? $0 : nil }
      return column.map { ($0, index) }
    }
  }

  /// A heading as it is compared: `API key file` and `api-key.file` are `api_key_file`.
  private static func normalized(_ heading: String) -> String {
    String(heading.withoutOuterSpaces.lowercased().map { " -.\u{A0}".contains($0) ? "_" : $0 })
  }

  private static func isCalledSecret(_ heading: String) -> Bool {
    let word = normalized(heading).filter { $0 != "_" }
    return ["key", "apikey", "secret", "token", "apitoken", "accesstoken", "password", "webhooksecret"].contains(word)
      || word.hasSuffix("apikey")
  }
}
