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
        take(&rows, &table, mapping, interpreter)
      }
      try reader.finish(into: &rows)
      take(&rows, &table, mapping, interpreter)
      if table == nil { report("the file is empty") }
    } catch {
      report("line \(error.line): \(error.message)")
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

  private mutating func take(
    _ rows: inout [CSVRow], _ table: inout Table?, _ mapping: InvoiceMapping,
    _ interpreter: (InvoiceMapping) -> InvoiceInterpreter
  ) {
    defer { rows.removeAll(keepingCapacity: true) }
    for (index, row) in rows.enumerated() {
      guard var known = table else {
        let names = row.fields.map(\.withoutOuterSpaces)
        let chosen = mapping.choosing { names.contains($0) }
        let columns = header(row, names, chosen, behind: rows[(index + 1)...])
        table = Table(columns: columns, interpreter: interpreter(chosen))
        continue
      }
      // Without its columns no row can be read; the header's problems say all.
      guard !known.columns.isEmpty else { return }
      known.rowCount += 1
      table = nil
      take(row, &known)
      table = known
    }
  }

  private mutating func take(_ row: CSVRow, _ table: inout Table) {
    guard !row.fields.allSatisfy({ $0.withoutOuterSpaces.isEmpty }) else {
      skipped += 1
      return
    }
    let record = TableRecord(row, row: table.rowCount, columns: table.columns)
    let skip = table.interpreter.skip(record)
    let isWhole =
      row.fields.count >= table.columns.count && row.fields[table.columns.count...].allSatisfy(\.isEmpty)
    guard skip != nil || isWhole else {
      report("line \(row.line): it has \(row.fields.count) fields, the header has \(table.columns.count)")
      return
    }
    take(record, &table.interpreter, skip: skip)
  }

  /// The place of each column; none where one that is needed is missing.
  private mutating func header(
    _ row: CSVRow, _ names: [String], _ chosen: InvoiceMapping, behind: ArraySlice<CSVRow>
  ) -> [String: Int] {
    var columns: [String: Int] = [:]
    let used = Set(chosen.columns)
    let before = problems.count
    for (index, name) in names.enumerated() {
      // A column without a name, or with a name that others have, cannot be meant by anything.
      if columns[name] != nil, used.contains(name) { report("line \(row.line): two columns are called \"\(name)\"") }
      columns[columns[name] == nil && !name.isEmpty ? name : "\u{0}\(index)"] = index
    }
    note(chosen)
    let missing = chosen.needed.filter { !$0.columns.contains { columns[$0] != nil } }
    if !missing.isEmpty, let hint = Self.hint(names, chosen, behind) {
      report("line \(row.line): \(hint)")
      return [:]
    }
    for (what, alternatives) in missing {
      report(
        "line \(row.line): there is no column \(alternatives.map { "\"\($0)\"" }.joined(separator: " or "))\(what); the "
          + "columns are \(names.joined(separator: ", "))")
    }
    return problems.count == before ? columns : [:]
  }

  /// Which setting would find the columns that are missing, if one would.
  private static func hint(_ names: [String], _ chosen: InvoiceMapping, _ behind: ArraySlice<CSVRow>) -> String? {
    func has(_ names: [String]) -> Bool {
      chosen.needed.allSatisfy { $0.columns.contains { names.contains($0) } }
    }
    if names.count == 1 {
      for (delimiter, name) in CSVReader.delimiters {
        let split = names[0].split(separator: delimiter, omittingEmptySubsequences: false)
        if has(split.map { String($0).withoutOuterSpaces }) {
          return "the fields seem to be separated by \(name); set \"delimiter\": \(name) in the mapping"
        }
      }
    }
    guard let header = behind.first(where: { has($0.fields.map(\.withoutOuterSpaces)) }) else { return nil }
    return
      "this is not the header, which seems to be line \(header.line); set \"skip_before\": \(header.line - 1) in the "
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
