/// Reads a table of organizations as if each row stood as an object in the configuration: what is wrong with a value is then
/// found as there, and named by the row's line and the column's heading.
package struct OrganizationTable {
  private let file: OrganizationsFile
  private let issues: ConfigurationIssues
  private let warnings: ConfigurationIssues
  private let base: Int
  private let heading: TableHeading
  /// Where each cell begins, by its offset, and in which column; in the order of the text.
  private var cells: [(start: UInt32, column: UInt32)] = []
  private var organizations: [JSONNode] = []
  /// Columns in which a key was found, each told once.
  private var columnsWithKeys: Set<Int> = []

  /// Reads a table.
  ///
  /// - Parameters:
  ///   - name: what messages call the file.
  ///   - directory: see ``ConfigurationSources/Source/directory``.
  /// - Returns: a list of objects, or nil after reporting why there is none.
  package static func read(
    _ bytes: [UInt8], as file: OrganizationsFile, name: String, directory: String, issues: ConfigurationIssues,
    warnings: ConfigurationIssues
  ) -> JSONNode? {
    let text: [UInt8]
    do throws(TextEncoding.Problem) {
      text = try file.encoding.utf8(bytes)
    } catch {
      let base = issues.sources.add(bytes, file: name, directory: directory)
      issues.report(error.message, offset: base + bytes.start(ofLine: error.line))
      return nil
    }
    let base = issues.sources.add(text, file: name, directory: directory)
    let form = TableForm(of: text, names: file.names)
    var csv = CSVReader(delimiter: form.delimiter, skip: form.skippedLines, notesStarts: true)
    var rows: [CSVRow] = []
    do throws(CSVSyntaxError) {
      try csv.read(text, into: &rows)
      try csv.finish(into: &rows)
    } catch {
      let hint =
        error.message == CSVReader.notUTF8 ? ", or set \"encoding\": \"windows-1252\" in \"organizations_file\"" : ""
      issues.report(error.message + hint, offset: base + text.start(ofLine: error.line))
      return nil
    }
    guard let first = rows.first else {
      issues.report("the table is empty; its first line names the columns", offset: base)
      return nil
    }
    guard let heading = TableHeading(first, file.names, at: base, issues, warnings) else { return nil }
    var table = OrganizationTable(file: file, issues: issues, warnings: warnings, base: base, heading: heading)
    return table.read(consume rows)
  }

  private init(
    file: OrganizationsFile, issues: ConfigurationIssues, warnings: ConfigurationIssues, base: Int,
    heading: TableHeading
  ) {
    self.file = file
    self.issues = issues
    self.warnings = warnings
    self.base = base
    self.heading = heading
  }

  /// - Parameter rows: the headings first. Each row goes once it is taken, since they are many.
  private mutating func read(_ rows: consuming [CSVRow]) -> JSONNode? {
    rows.reverse()
    rows.removeLast()
    while let row = rows.popLast() {
      guard row.fields.contains(where: { !$0.withoutOuterSpaces.isEmpty }) else { continue }
      for column in row.starts.indices where column < heading.names.count {
        cells.append((UInt32(clamping: base + row.starts[column]), UInt32(column)))
      }
      take(row)
    }
    let (cells, names) = (cells, heading.names)
    issues.sources.name { offset in
      let index = cells.partitioningIndex { $0.start > offset } - 1
      return index < 0 ? "" : names[Int(cells[index].column)]
    }
    guard !organizations.isEmpty else {
      if cells.isEmpty { issues.report("no organization stands below the headings", offset: base) }
      return nil
    }
    return JSONNode(.array(JSONList(organizations)), offset: base)
  }

  private mutating func take(_ row: CSVRow) {
    let start = base + (row.starts.first ?? 0)
    let hasKey = refuseKeys(in: row)
    guard row.fields.dropFirst(heading.names.count).allSatisfy({ $0.withoutOuterSpaces.isEmpty }) else {
      issues.report(
        "has \(row.fields.count) fields, the headings are \(heading.names.count); a field with the delimiter in it needs quotes",
        path: "", offset: start)
      return
    }
    guard let id = cell(.id, of: row) else {
      issues.report("the row has no id", path: heading.name(of: .id), offset: start)
      return
    }
    let members = members(of: row, id: id.text)
    // Without a key it would be found wrong once more.
    guard members.contains(where: { $0.name == SecretOfOrganization.apiKey.rawValue }) else {
      if !hasKey {
        issues.report(
          "\"\(id.text)\" has no key: fill in api_key_env, api_key_file or api_key_credential, or say where all keys are with \"api_key\": {\"file\": \"keys/{id}\"} in \"organizations_file\"",
          path: "", offset: start)
      }
      return
    }
    organizations.append(JSONNode(.object(members), offset: id.offset))
  }

  private typealias Cell = (text: String, offset: Int)

  /// A cell that is not empty.
  private func cell(_ column: OrganizationColumn, of row: CSVRow) -> Cell? {
    guard let index = heading.columns[column], index < row.fields.count else { return nil }
    let text = row.fields[index].withoutOuterSpaces
    return text.isEmpty ? nil : (text, base + row.starts[index])
  }

  /// The members of the object that would say the same.
  private func members(of row: CSVRow, id: String) -> [JSONMember] {
    var members: [JSONMember] = []
    func add(_ name: String, _ node: JSONNode) {
      members.append(JSONMember(name: name, nameOffset: node.offset, node: node))
    }
    for column in [OrganizationColumn.id, .name, .plan] {
      if let cell = cell(column, of: row) { add(column.rawValue, JSONNode(.string(cell.text), offset: cell.offset)) }
    }
    for column in [OrganizationColumn.tags, .notify] {
      if let cell = cell(column, of: row) { add(column.rawValue, Self.words(cell.text, at: cell.offset)) }
    }
    let quotas = [(Metric.pages, OrganizationColumn.pages), (.conversions, .conversions)].compactMap { metric, column in
      cell(column, of: row).flatMap { number($0.text, metric, at: $0.offset) }
    }
    if let first = quotas.first { add("quota", JSONNode(.object(quotas), offset: first.nameOffset)) }
    for secret in SecretOfOrganization.allCases {
      if let reference = reference(to: secret, of: row, id: id) { add(secret.rawValue, reference) }
    }
    return members
  }

  /// What the row says on where a secret is to be had, or the setting for all rows.
  private func reference(to secret: SecretOfOrganization, of row: CSVRow, id: String) -> JSONNode? {
    let own = OrganizationColumn.allCases.compactMap { column -> JSONMember? in
      guard let reference = column.reference, reference.secret == secret, let cell = cell(column, of: row) else {
        return nil
      }
      return JSONMember(
        name: reference.form, nameOffset: cell.offset, node: JSONNode(.string(cell.text), offset: cell.offset))
    }
    if let first = own.first { return JSONNode(.object(own), offset: first.nameOffset) }
    // What is wrong with an id is told once.
    return file.templates[secret]?.filled(with: Identifier.isValid(id) ? id : "x")
  }

  /// Whether a secret itself stands in the row; that is told once for each column, without showing it.
  private mutating func refuseKeys(in row: CSVRow) -> Bool {
    var found = false
    for (index, field) in row.fields.enumerated() where index < heading.names.count {
      let text = field.withoutOuterSpaces
      guard heading.isSecret(text, in: index) else { continue }
      found = true
      guard columnsWithKeys.insert(index).inserted else { continue }
      issues.report(
        "a secret must not stand in a table, where backups and colleagues see it; put each into a file of its own, say \"api_key\": {\"file\": \"keys/{id}\"} in \"organizations_file\", and take it out here",
        path: heading.names[index], offset: base + row.starts[index])
    }
    return found
  }

  /// The words of a cell, each at its place.
  private static func words(_ text: String, at offset: Int) -> JSONNode {
    let separators: Set<Character> = [" ", ",", ";", "|", "\t", "\n", "\r\n"]
    let words = text.split { separators.contains($0) }.map { word in
      JSONNode(.string(String(word)), offset: offset + text.utf8.distance(from: text.startIndex, to: word.startIndex))
    }
    return JSONNode(.array(JSONList(words)), offset: offset)
  }

  private func number(_ text: String, _ metric: Metric, at offset: Int) -> JSONMember? {
    guard text.utf8.allSatisfy(\.isDigit), Int64(text) != nil else {
      issues.report(
        "expected a whole number such as 10000, digits alone, found \"\(text)\"",
        path: heading.name(of: metric == .pages ? .pages : .conversions), offset: offset)
      return nil
    }
    return JSONMember(name: metric.rawValue, nameOffset: offset, node: JSONNode(.number(text), offset: offset))
  }
}

extension [UInt8] {
  /// The offset of a line's first byte; lines are counted from 1.
  fileprivate func start(ofLine line: Int) -> Int {
    var (number, index) = (1, 0)
    while number < line, index < count {
      // A carriage return alone ends a line, too.
      if self[index] == 0x0A || (self[index] == 0x0D && (index + 1 == count || self[index + 1] != 0x0A)) { number += 1 }
      index += 1
    }
    return index
  }
}
