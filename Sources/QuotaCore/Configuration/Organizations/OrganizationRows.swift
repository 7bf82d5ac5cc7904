/// The rows of a table of organizations as the objects of a configuration that would say the same.
struct OrganizationRows: Sendable {
  let table: CSVTable
  let file: OrganizationsFile
  /// The offset of the table's first byte among the configuration's texts.
  let base: Int
  let heading: TableHeading
  /// The columns that say where a secret is to be had.
  private let references: [SecretOfOrganization: [(form: String, column: OrganizationColumn)]]

  init(table: CSVTable, file: OrganizationsFile, base: Int, heading: TableHeading) {
    (self.table, self.file, self.base, self.heading) = (table, file, base, heading)
    let known = OrganizationColumn.allCases.filter { heading.columns[$0] != nil }
    references = Dictionary(
      grouping: known.compactMap { column in column.reference.map { (secret: $0.secret, form: $0.form, column: column) }
      }, by: \.secret
    ).mapValues { $0.map { ($0.form, $0.column) } }
  }

  /// A cell that is not empty, without spaces around its text, and its offset.
  typealias Cell = (text: String, offset: Int)

  func cell(_ column: OrganizationColumn, of row: CSVTable.Row) -> Cell? {
    guard let index = heading.columns[column], index < row.fields.count else { return nil }
    let text = row.fields[index].withoutOuterSpaces
    return text.isEmpty ? nil : (text, base + row.starts[index])
  }

  /// The organization of a row with an id; null where there is none, which its reader reports.
  func organization(at index: Int) -> JSONNode {
    (try? table.row(at: index)).flatMap(organization) ?? JSONNode(.null, offset: base)
  }

  /// What a row says, as far as it is right; nil if it has no id.
  private func organization(_ row: CSVTable.Row) -> JSONNode? {
    guard let id = cell(.id, of: row) else { return nil }
    var members: [JSONMember] = []
    func add(_ name: String, _ node: JSONNode) {
      members.append(JSONMember(name: name, nameOffset: node.offset, node: node))
    }
    for column in [OrganizationColumn.id, .name, .plan] {
      if let cell = cell(column, of: row) { add(column.rawValue, JSONNode(.string(cell.text), offset: cell.offset)) }
    }
    for column in [OrganizationColumn.tags, .notify] {
      if let cell = cell(column, of: row) { add(column.rawValue, Self.words(cell)) }
    }
    let quotas = Metric.allCases.compactMap { metric -> JSONMember? in
      guard let cell = cell(.quota(of: metric), of: row), Self.isNumber(cell.text) else { return nil }
      return JSONMember(
        name: metric.rawValue, nameOffset: cell.offset, node: JSONNode(.number(cell.text), offset: cell.offset))
    }
    if let first = quotas.first { add("quota", JSONNode(.object(quotas), offset: first.nameOffset)) }
    for secret in SecretOfOrganization.allCases {
      if let reference = reference(to: secret, of: row, id: id.text) { add(secret.rawValue, reference) }
    }
    return JSONNode(.object(members), offset: id.offset)
  }

  static func isNumber(_ text: String) -> Bool { text.utf8.allSatisfy(\.isDigit) && Int64(text) != nil }

  /// What the row says on where a secret is to be had, or the setting for all rows.
  private func reference(to secret: SecretOfOrganization, of row: CSVTable.Row, id: String) -> JSONNode? {
    let own = (references[secret] ?? []).compactMap { form, column in
      cell(column, of: row).map {
        JSONMember(name: form, nameOffset: $0.offset, node: JSONNode(.string($0.text), offset: $0.offset))
      }
    }
    if let first = own.first { return JSONNode(.object(own), offset: first.nameOffset) }
    // What is wrong with an id is told once.
    return file.templates[secret]?.filled(with: Identifier.isValid(id) ? id : "x")
  }

  /// Whether the row, or the setting for all rows, says where a secret is to be had.
  func hasReference(to secret: SecretOfOrganization, in row: CSVTable.Row) -> Bool {
    file.templates[secret] != nil || (references[secret] ?? []).contains { cell($0.column, of: row) != nil }
  }

  private static let separators: Set<Character> = [" ", ",", ";", "|", "\t", "\n", "\r\n"]

  /// The words of a cell, each at its place.
  private static func words(_ cell: Cell) -> JSONNode {
    let words = cell.text.split { separators.contains($0) }.map { word in
      JSONNode(
        .string(String(word)),
        offset: cell.offset + cell.text.utf8.distance(from: cell.text.startIndex, to: word.startIndex))
    }
    return JSONNode(.array(JSONList(words)), offset: cell.offset)
  }

  /// What a message calls the value at an offset: the heading of its column; empty above the rows.
  func name(at offset: Int) -> String {
    guard let index = table.index(ofRowAt: offset - base), index > 0, let row = try? table.row(at: index) else {
      return ""
    }
    let starts = row.starts.prefix(heading.names.count)
    let column = starts.lastIndex { base + $0 <= offset }
    return column.map { heading.names[$0] } ?? ""
  }
}

extension OrganizationColumn {
  /// Where a row says the quota of a metric.
  static func quota(of metric: Metric) -> OrganizationColumn {
    switch metric {
    case .pages: .pages
    case .conversions: .conversions
    }
  }
}
