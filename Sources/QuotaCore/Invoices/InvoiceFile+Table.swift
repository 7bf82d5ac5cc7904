extension InvoiceFile {
  mutating func readTable(
    _ bytes: ArraySlice<UInt8>, _ mapping: InvoiceMapping, _ interpreter: (InvoiceMapping) -> InvoiceInterpreter
  ) {
    let start = Self.offset(ofLine: mapping.skipBefore, in: bytes)
    var reader = CSVReader(delimiter: mapping.delimiter, line: mapping.skipBefore + 1)
    var rows: [CSVRow] = []
    var table: Table?
    do throws(CSVSyntaxError) {
      for start in stride(from: start, to: bytes.endIndex, by: 1 << 16) {
        try reader.read(bytes[start..<min(start + 1 << 16, bytes.endIndex)], into: &rows)
        take(rows.map { TableRow($0) }, "line", &table, mapping, interpreter)
        rows.removeAll(keepingCapacity: true)
      }
      try reader.finish(into: &rows)
      take(rows.map { TableRow($0) }, "line", &table, mapping, interpreter)
      if table == nil { report("the file is empty") }
    } catch {
      let hint = error.message == CSVReader.notUTF8 ? ", or set \"encoding\": \"windows-1252\" in the mapping" : ""
      report("line \(error.line): \(error.message)\(hint)")
    }
    if let table { noteNumbers(table.interpreter) }
  }

  mutating func readWorkbook(
    _ bytes: [UInt8], sheet: String?, inflate: @escaping ZIPArchive.Inflate, _ mapping: InvoiceMapping,
    _ interpreter: (InvoiceMapping) -> InvoiceInterpreter
  ) {
    var table: Table?
    do throws(WorkbookReader.Problem) {
      var workbook = try WorkbookReader(bytes, inflate: inflate)
      let rows = try workbook.rows(ofSheet: sheet).drop { $0.number <= mapping.skipBefore }
      take(Array(rows), "row", &table, mapping, interpreter)
      if table == nil { report("the sheet is empty") }
    } catch {
      report(error.message)
    }
    if let table { noteNumbers(table.interpreter) }
  }

  /// A table whose header was read.
  private struct Table {
    /// The place of each column; none where one that is needed is missing.
    let columns: [String: Int]
    var interpreter: InvoiceInterpreter
    var rowCount = 0
  }

  /// Where so many lines are over.
  private static func offset(ofLine count: Int, in bytes: ArraySlice<UInt8>) -> Int {
    var start = bytes.startIndex
    for _ in 0..<count {
      guard let end = bytes[start...].firstIndex(of: 0x0A) else { return bytes.endIndex }
      start = end + 1
    }
    return start
  }

  /// - Parameter word: what a row is called: a line of a text, a row of a sheet.
  private mutating func take(
    _ rows: [TableRow], _ word: String, _ table: inout Table?, _ mapping: InvoiceMapping,
    _ interpreter: (InvoiceMapping) -> InvoiceInterpreter
  ) {
    for (index, row) in rows.enumerated() {
      guard var known = table else {
        let names = row.names
        let chosen = mapping.choosing { names.contains($0) }
        let columns = header("\(word) \(row.number)", names, chosen, behind: rows[(index + 1)...])
        table = Table(columns: columns, interpreter: interpreter(chosen))
        continue
      }
      // Without its columns no row can be read; the header's problems say all.
      guard !known.columns.isEmpty else { return }
      known.rowCount += 1
      table = nil
      take(row, word, &known)
      table = known
    }
  }

  private mutating func take(_ row: TableRow, _ word: String, _ table: inout Table) {
    guard row.cells.contains(where: { $0 != nil }) else {
      skipped += 1
      return
    }
    let record = TableRecord(row, place: "\(word) \(row.number)", row: table.rowCount, columns: table.columns)
    let skip = table.interpreter.skip(record)
    // A sheet does not store empty cells at the end of a row.
    let isWhole =
      (word == "row" || row.cells.count >= table.columns.count)
      && row.cells.dropFirst(table.columns.count).allSatisfy { $0 == nil }
    guard skip != nil || isWhole else {
      report("\(record.place): it has \(row.cells.count) fields, the header has \(table.columns.count)")
      return
    }
    take(record, &table.interpreter, skip: skip)
  }

  /// The place of each column; none where one that is needed is missing.
  private mutating func header(
    _ place: String, _ names: [String], _ chosen: InvoiceMapping, behind: ArraySlice<TableRow>
  ) -> [String: Int] {
    var columns: [String: Int] = [:]
    let used = Set(chosen.columns)
    let before = problems.count
    for (index, name) in names.enumerated() {
      // A column without a name, or with a name that others have, cannot be meant by anything.
      if columns[name] != nil, used.contains(name) { report("\(place): two columns are called \"\(name)\"") }
      columns[columns[name] == nil && !name.isEmpty ? name : "\u{0}\(index)"] = index
    }
    note(chosen)
    let missing = chosen.needed.filter { !$0.columns.contains { columns[$0] != nil } }
    if !missing.isEmpty, let hint = Self.hint(names, chosen, behind) {
      report("\(place): \(hint)")
      return [:]
    }
    for (what, alternatives) in missing {
      report(
        "\(place): there is no column \(alternatives.map { "\"\($0)\"" }.joined(separator: " or "))\(what); the "
          + "columns are \(names.joined(separator: ", "))")
    }
    return problems.count == before ? columns : [:]
  }

  /// Which setting would find the columns that are missing, if one would.
  private static func hint(_ names: [String], _ chosen: InvoiceMapping, _ behind: ArraySlice<TableRow>) -> String? {
    func has(_ names: [String]) -> Bool {
      chosen.needed.allSatisfy { $0.columns.contains { names.contains($0) } }
    }
    if names.count == 1 {
      let splits = CSVReader.delimiters.map { delimiter, name in
        (
          name,
          names[0].split(separator: delimiter, omittingEmptySubsequences: false).map { String($0).withoutOuterSpaces }
        )
      }
      // The columns that are missing may be called otherwise: three or more are no accident either.
      if let found = splits.first(where: { has($0.1) }) ?? splits.first(where: { $0.1.count > 2 }) {
        return "the fields seem to be separated by \(found.0); set \"delimiter\": \(found.0) in a mapping"
      }
    }
    guard let header = behind.first(where: { has($0.names) }) else { return nil }
    return
      "this is not the header, which seems to be line \(header.number); set \"skip_before\": \(header.number - 1) in the "
      + "mapping"
  }
}

extension InvoiceMapping {
  /// What a file has to have: what for, as a message goes on, and the columns one of which has to be there.
  fileprivate var needed: [(what: String, columns: [String])] {
    let own = InvoiceField.allCases.flatMap { field -> [(what: String, columns: [String])] in
      guard !optionalFields.contains(field) else { return [] }
      switch fields[field] {
      case .columns(let names): return [(" for \(field.rawValue)", names)]
      case .debitCredit(let debit, let credit): return [debit, credit].map { (" for \(field.rawValue)", [$0]) }
      case .value, nil: return []
      }
    }
    return own + parts.filter { !$0.isOptional }.map { (", which the mapping names", $0.columns) }
      + (skips.map(\.rows) + creditNotes).map { (", which the mapping names", [$0.column]) }
  }
}

extension TableRow {
  /// The texts of the cells, as the names of columns.
  fileprivate var names: [String] { cells.map { $0?.text ?? "" } }
}
