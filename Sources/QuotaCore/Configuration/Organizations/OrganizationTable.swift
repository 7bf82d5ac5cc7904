/// Reads a table of organizations as if each row stood as an object in the configuration: what is wrong with a value is then
/// found as there, and named by the row's line and the column's heading.
package struct OrganizationTable {
  private let rows: OrganizationRows
  private let issues: ConfigurationIssues
  /// Columns in which a key was found, each told once.
  private var columnsWithKeys: Set<Int> = []

  /// Reads a table.
  ///
  /// - Parameters:
  ///   - name: what messages call the file.
  ///   - directory: see ``ConfigurationSources/Source/directory``.
  ///   - limit: from how many organizations on they are kept as text, see ``JSONList``.
  /// - Returns: a list of objects, or nil after reporting why there is none.
  package static func read(
    _ bytes: [UInt8], as file: OrganizationsFile, name: String, directory: String,
    keepingRowsFrom limit: Int = JSONList.long, issues: ConfigurationIssues, warnings: ConfigurationIssues
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
    do throws(CSVSyntaxError) {
      let table = try CSVTable(text, delimiter: form.delimiter, skip: form.skippedLines)
      guard table.count > 0 else {
        issues.report("the table is empty; its first line names the columns", offset: base)
        return nil
      }
      guard let heading = TableHeading(try table.row(at: 0), file.names, at: base, issues, warnings) else { return nil }
      let rows = OrganizationRows(table: table, file: file, base: base, heading: heading)
      var checked = OrganizationTable(rows: rows, issues: issues)
      return try checked.organizations(keepingRowsFrom: limit)
    } catch {
      let hint =
        error.message == CSVReader.notUTF8 ? ", or set \"encoding\": \"windows-1252\" in \"organizations_file\"" : ""
      issues.report(error.message + hint, offset: base + text.start(ofLine: error.line))
      return nil
    }
  }

  private init(rows: OrganizationRows, issues: ConfigurationIssues) {
    self.rows = rows
    self.issues = issues
  }

  private mutating func organizations(keepingRowsFrom limit: Int) throws(CSVSyntaxError) -> JSONNode? {
    var (good, isEmpty) = ([UInt32](), true)
    for index in 1..<rows.table.count {
      let row = try rows.table.row(at: index)
      guard !row.isBlank else { continue }
      isEmpty = false
      if check(row) { good.append(UInt32(index)) }
    }
    issues.sources.name { [rows] in rows.name(at: $0) }
    guard !good.isEmpty else {
      if isEmpty { issues.report("no organization stands below the headings", offset: rows.base) }
      return nil
    }
    let list = JSONList(count: good.count) { [rows, good] in rows.organization(at: Int(good[$0])) }
    return JSONNode(.array(good.count < limit ? JSONList(Array(list)) : list), offset: rows.base)
  }

  /// Whether a row is an organization. Reports what is wrong with it that is not found in the object that says the same.
  private mutating func check(_ row: CSVTable.Row) -> Bool {
    let heading = rows.heading
    let start = rows.base + row.starts[0]
    let hasKey = refuseKeys(in: row)
    guard row.fields.dropFirst(heading.names.count).allSatisfy({ $0.withoutOuterSpaces.isEmpty }) else {
      issues.report(
        "has \(row.fields.count) fields, the headings are \(heading.names.count); a field with the delimiter in it needs quotes",
        path: "", offset: start)
      return false
    }
    guard let id = rows.cell(.id, of: row) else {
      issues.report("the row has no id", path: heading.name(of: .id), offset: start)
      return false
    }
    for column in Metric.allCases.map(OrganizationColumn.quota) {
      guard let cell = rows.cell(column, of: row), !OrganizationRows.isNumber(cell.text) else { continue }
      issues.report(
        "expected a whole number such as 10000, digits alone, found \"\(cell.text)\"", path: heading.name(of: column),
        offset: cell.offset)
    }
    // Without a key it would be found wrong once more.
    guard rows.hasReference(to: .apiKey, in: row) else {
      if !hasKey {
        issues.report(
          "\"\(id.text)\" has no key: fill in api_key_env, api_key_file or api_key_credential, or say where all keys are with \"api_key\": {\"file\": \"keys/{id}\"} in \"organizations_file\"",
          path: "", offset: start)
      }
      return false
    }
    return true
  }

  /// Whether a secret itself stands in the row; that is told once for each column, without showing it.
  private mutating func refuseKeys(in row: CSVTable.Row) -> Bool {
    let heading = rows.heading
    var found = false
    for (index, field) in row.fields.enumerated() where index < heading.names.count {
      let text = field.withoutOuterSpaces
      guard heading.isSecret(text, in: index) else { continue }
      found = true
      guard columnsWithKeys.insert(index).inserted else { continue }
      issues.report(
        "a secret must not stand in a table, where backups and colleagues see it; put each into a file of its own, say \"api_key\": {\"file\": \"keys/{id}\"} in \"organizations_file\", and take it out here",
        path: heading.names[index], offset: rows.base + row.starts[index])
    }
    return found
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
