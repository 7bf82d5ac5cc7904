/// How far a table was read.
struct TableReading {
  fileprivate var csv: CSVReader
  /// Nil until the header was read.
  fileprivate var header: Header?

  init(_ mapping: InvoiceMapping) {
    csv = CSVReader(delimiter: mapping.delimiter, skip: mapping.skipBefore)
  }

  /// A header that was read, and what follows from it.
  fileprivate struct Header {
    /// The place of each column.
    let columns: [String: Int]
    var interpreter: InvoiceInterpreter
    var rowCount = 0
  }
}

extension InvoiceFile {
  mutating func readTable(_ text: [UInt8], isEnd: Bool, into sink: some InvoiceSink) throws {
    var rows: [CSVRow] = []
    var failure: CSVSyntaxError?
    do throws(CSVSyntaxError) {
      try table.csv.read(text, into: &rows)
      if isEnd { try table.csv.finish(into: &rows) }
    } catch {
      failure = error
    }
    try take(rows.map { TableRow($0) }, "line", into: sink)
    if let failure {
      let hint = failure.message == CSVReader.notUTF8 ? ", or set \"encoding\": \"windows-1252\" in the mapping" : ""
      stop("line \(failure.line): \(failure.message)\(hint)")
    } else if isEnd {
      endTable("the file is empty")
    }
  }

  mutating func readWorkbook(
    _ bytes: [UInt8], sheet: String?, inflate: @escaping ZIPArchive.Inflate, into sink: some InvoiceSink
  ) throws {
    var rows: [TableRow] = []
    do throws(WorkbookReader.Problem) {
      var workbook = try WorkbookReader(bytes, inflate: inflate)
      rows = try workbook.rows(ofSheet: sheet).filter { $0.number > mapping.skipBefore }
    } catch {
      return stop(error.message)
    }
    try take(rows, "row", into: sink)
    endTable("the sheet is empty")
  }

  private mutating func endTable(_ emptiness: String) {
    if let header = table.header {
      noteNumbers(header.interpreter)
    } else if problems.isEmpty {
      report(emptiness)
    }
  }

  /// - Parameter word: what a row is called: a line of a text, a row of a sheet.
  private mutating func take(_ rows: [TableRow], _ word: String, into sink: some InvoiceSink) throws {
    for (index, row) in rows.enumerated() where !isOver {
      // Out of its place while it is changed, so that it is not copied.
      guard var header = table.header else {
        let names = row.names
        let chosen = mapping.choosing { names.contains($0) }
        let columns = self.header("\(word) \(row.number)", names, chosen, behind: rows[(index + 1)...])
        // Without its columns no row can be read; the header's problems say all.
        guard let columns else { return end() }
        table.header = TableReading.Header(columns: columns, interpreter: interpreter(chosen))
        continue
      }
      table.header = nil
      header.rowCount += 1
      try take(row, word, &header, into: sink)
      table.header = header
    }
  }

  private mutating func take(
    _ row: TableRow, _ word: String, _ header: inout TableReading.Header, into sink: some InvoiceSink
  ) throws {
    guard row.cells.contains(where: { $0 != nil }) else {
      skipped += 1
      return
    }
    let record = TableRecord(row, word: word, row: header.rowCount, columns: header.columns)
    let skip = header.interpreter.skip(record)
    // A sheet does not store empty cells at the end of a row.
    let isWhole =
      (word == "row" || row.cells.count >= header.columns.count)
      && row.cells.dropFirst(header.columns.count).allSatisfy { $0 == nil }
    guard skip != nil || isWhole else {
      report("\(record.place): it has \(row.cells.count) fields, the header has \(header.columns.count)")
      return
    }
    // Of a row that is left out nothing is read.
    if word == "row", skip?.isTotal ?? true, let why = header.interpreter.unreadable(in: record) {
      return report("\(record.place): \(why)")
    }
    try take(record, &header.interpreter, skip: skip, into: sink)
  }

  /// The place of each column; nil where one that is needed is missing.
  private mutating func header(
    _ place: String, _ names: [String], _ chosen: InvoiceMapping, behind: ArraySlice<TableRow>
  ) -> [String: Int]? {
    if let delimiter = CSVReader.statedDelimiter(in: names, cutBy: mapping.delimiter) {
      report(
        "\(place) tells spreadsheets that the fields are separated by \(delimiter); set \"delimiter\": \(delimiter) and "
          + "\"skip_before\": \(mapping.skipBefore + 1) in a mapping")
      return nil
    }
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
      return nil
    }
    for (what, alternatives) in missing {
      report(
        "\(place): there is no column \(alternatives.map { "\"\($0)\"" }.joined(separator: " or "))\(what); the "
          + "columns are \(names.joined(separator: ", "))")
    }
    return problems.count == before ? columns : nil
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
