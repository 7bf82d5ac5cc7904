import FoundationEssentials

/// A mapping that is proposed for a file, by its header and its first rows. A person completes it: what cannot be told is
/// marked with `?`, which no import takes.
package struct MappingProposal {
  /// The mapping file.
  package private(set) var mapping: JSONLiteral = [:]
  /// What was found and why, a line each.
  package private(set) var reasons: [String] = []
  /// Whether something is marked.
  package private(set) var isAmbiguous = false
  private var members: [JSONLiteral.Member] = []

  /// Why nothing can be proposed.
  package struct Problem: Error, Sendable {
    package let message: String
  }

  /// What stands where a person has to decide.
  static let mark: JSONLiteral = "?"

  /// How many rows are looked at.
  static let sampleSize = 200

  /// - Parameters:
  ///   - organizations: those that exist.
  ///   - sheet: of a workbook, instead of its first.
  package init(
    _ bytes: [UInt8], organizations: Set<OrganizationID>, sheet: String? = nil, inflate: @escaping ZIPArchive.Inflate
  ) throws(Problem) {
    if let message = InvoiceFile.refusal(of: bytes) { throw Problem(message: message) }
    var rows: [TableRow]
    if InvoiceFile.isWorkbook(bytes) {
      do throws(WorkbookReader.Problem) {
        var reader = try WorkbookReader(bytes, inflate: inflate)
        rows = try reader.rows(ofSheet: sheet)
      } catch {
        throw Problem(message: error.message)
      }
    } else {
      rows = try readText(bytes)
    }
    guard members.isEmpty || members[0].name != "extends" else {
      mapping = .object(members)
      return
    }
    rows = Array(rows.prefix(Self.sampleSize))
    let table = try SampleTable(rows)
    if table.headerNumber > 1 {
      set("skip_before", .number("\(table.headerNumber - 1)"), "the header seems to be row \(table.headerNumber)")
    }
    propose(table, organizations)
    mapping = .object(members)
  }

  private mutating func set(_ name: String, _ value: JSONLiteral, _ reason: String) {
    members.append(.init(name, value))
    reasons.append("\(name): \(value.line), because \(reason)")
  }

  private mutating func doubt(_ name: String, _ reason: String) {
    members.append(.init(name, Self.mark))
    note(name, reason)
  }

  private mutating func note(_ name: String, _ reason: String) {
    isAmbiguous = true
    reasons.append("\(name): ? \(reason)")
  }

  // MARK: - How the text is written

  private mutating func readText(_ bytes: [UInt8]) throws(Problem) -> [TableRow] {
    var encoding = TextEncoding.utf8
    if String(validating: bytes, as: UTF8.self) == nil, bytes.first != 0xFF, bytes.first != 0xFE {
      encoding = .windows1252
      set("encoding", .text(encoding.rawValue), "the text is not UTF-8")
    }
    let text: [UInt8]
    do throws(TextEncoding.Problem) {
      text = try encoding.utf8(bytes)
    } catch {
      throw Problem(message: error.message)
    }
    if InvoiceFile.format(of: text) == .json { return try readJSON(text) }
    return try readTable(text)
  }

  private mutating func readJSON(_ bytes: [UInt8]) throws(Problem) -> [TableRow] {
    guard let root = try? JSONParser.parse(bytes) else { throw Problem(message: "the file is not JSON") }
    let first = root["data"]?.nodes(at: "*").first ?? root.nodes(at: "*").first ?? root
    guard root["object"] != nil || first["object"] != nil,
      root["lines"] != nil || root["data"] != nil || first["lines"] != nil
    else {
      throw Problem(
        message:
          "a mapping can only be proposed for tables and for invoices of Stripe; docs/invoices.md has an example of "
          + "another JSON")
    }
    set("extends", "stripe", "the objects are named as Stripe's API names them")
    return []
  }

  private mutating func readTable(_ text: [UInt8]) throws(Problem) -> [TableRow] {
    let sample = Array(text.prefix(1 << 18))
    // The delimiter that cuts most rows into the same number of fields, more than one.
    let found = CSVReader.delimiters.compactMap { character, name -> (name: String, rows: [TableRow], alike: Int)? in
      var reader = CSVReader(delimiter: character.asciiValue ?? 0x2C)
      var rows: [CSVRow] = []
      try? reader.read(sample, into: &rows)
      if sample.count == text.count { try? reader.finish(into: &rows) }
      let counts = Dictionary(grouping: rows.map(\.fields.count), by: \.self).filter { $0.key > 1 }.mapValues(\.count)
      guard let alike = counts.values.max() else { return nil }
      return (name, rows.map { TableRow($0) }, alike)
    }.max { $0.alike < $1.alike }
    guard let found else { throw Problem(message: "no delimiter makes columns of it; is this a table?") }
    let width = Dictionary(grouping: found.rows.map(\.cells.count), by: \.self).max { $0.value.count < $1.value.count }?
      .key
    if found.name != "\",\"" {
      let value = found.name.filter { $0 != "\"" }
      set(
        "delimiter", .text(value),
        "it makes \(width ?? 0) columns of \(found.alike.grouped) of \(found.rows.count.grouped) rows")
    }
    return found.rows
  }

  // MARK: - What the columns are

  private mutating func propose(_ table: SampleTable, _ organizations: Set<OrganizationID>) {
    var columns: [JSONLiteral.Member] = []
    var chosen: [InvoiceField: Int] = [:]
    for field in InvoiceField.allCases {
      let candidates = table.names.indices.filter { ColumnWords.fields(table.names[$0]).contains(field) }
      guard let index = candidates.first else { continue }
      chosen[field] = index
      columns.append(.init(field.rawValue, .text(table.names[index])))
      if candidates.count == 1 {
        reasons.append("columns.\(field.rawValue): \"\(table.names[index])\", because it is called so")
      } else {
        let others = candidates.dropFirst().map { "\"\(table.names[$0])\"" }.joined(separator: ", ")
        note("columns.\(field.rawValue)", "\"\(table.names[index])\" is called so, and \(others) too")
      }
    }
    if chosen[.category] == nil, let metric = chosen[.metric],
      table.texts(metric).contains(where: { ColumnWords.metric($0) == nil && ColumnWords.category($0) != nil })
    {
      chosen[.category] = metric
      columns.append(.init(InvoiceField.category.rawValue, .text(table.names[metric])))
      reasons.append("columns.category: \"\(table.names[metric])\", because it names what is no usage, too")
    }
    if chosen[.month] != nil { columns.removeAll { ["period_start", "period_end"].contains($0.name) } }
    for field in [InvoiceField.invoiceID, .organization, .amount, .currency] where chosen[field] == nil {
      columns.append(.init(field.rawValue, Self.mark))
      let numbers = field == .amount ? table.names(whereAll: SampleTable.isNumber, except: chosen.values) : nil
      let hint = numbers.map { " (numbers: \($0))" } ?? ""
      note("columns.\(field.rawValue)", "no column is called so; it needs one\(hint), or { \"value\": \"…\" }")
    }
    if chosen[.month] == nil, chosen[.periodStart] == nil {
      columns.append(.init("month", Self.mark))
      let dates = table.names(whereAll: DateGrammar.isUsual, except: chosen.values)
      note("columns.month", "no column is called a month or a period\(dates.map { " (dates: \($0))" } ?? "")")
    }
    let parts = table.names.indices.filter { index in
      ColumnWords.isTax(table.names[index]) && !chosen.values.contains(index)
    }
    proposeNumbers(
      table, amounts: [.amount, .unitPrice].compactMap { chosen[$0] } + parts,
      quantities: [.quantity].compactMap { chosen[$0] })
    proposeDates(table, [.month, .periodStart, .periodEnd].compactMap { chosen[$0] }, isMonth: chosen[.month] != nil)
    if chosen[.periodEnd] != nil, chosen[.month] == nil {
      doubt("period_end", "is the end the last day (inclusive) or the first moment after it (exclusive)?")
    }
    members.append(.init("columns", .object(columns)))
    if !parts.isEmpty {
      set(
        "parts", .list(parts.map { ["column": .text(table.names[$0]), "category": "tax"] }),
        "a column is called a tax; \"included\": true if the amount includes it")
    }
    if let totals = table.totals {
      set(
        "skip",
        [
          [
            "column": .text(table.names[totals.column]), "values": .list(totals.words.map { .text($0) }), "total": true,
          ]
        ], "that is called a total; \"total\": true compares it with its lines")
    }
    proposeWords(table, chosen, organizations)
    let rest = table.names.indices.filter { !table.names[$0].isEmpty && !(chosen.values + parts).contains($0) }
    if !rest.isEmpty {
      reasons.append("columns: nothing is taken from \(rest.map { "\"\(table.names[$0])\"" }.joined(separator: ", "))")
    }
  }

  /// - Parameters:
  ///   - amounts: the columns in which a currency may stand beside the number.
  ///   - quantities: those in which nothing may.
  private mutating func proposeNumbers(_ table: SampleTable, amounts: [Int], quantities: [Int]) {
    let (money, counts) = (amounts.flatMap(table.texts), quantities.flatMap(table.texts))
    let texts = money + counts
    guard !texts.isEmpty else { return }
    let readings = NumberGrammar.candidates(for: texts).map { grammar in
      (grammar, money.map { grammar.number($0, beside: Currency.isAnyWritten) } + counts.map { grammar.number($0) })
    }
    let complete = readings.compactMap { grammar, read in
      read.contains(nil) ? nil : (grammar, numbers: read.compactMap(\.self))
    }
    guard let (grammar, numbers) = complete.first else {
      let nearest = readings.max { $0.1.count { $0 != nil } < $1.1.count { $0 != nil } }?.1 ?? []
      let unread = zip(texts, nearest).first { $0.1 == nil }?.0 ?? texts[0]
      return doubt("decimal", "no convention reads all of the numbers, such as \"\(unread)\"")
    }
    if let other = complete.first(where: { $0.numbers != numbers }),
      let index = numbers.indices.first(where: { other.numbers[$0] != numbers[$0] })
    {
      return doubt(
        "decimal",
        "\"\(texts[index])\" is \(numbers[index]) or \(other.numbers[index]), by what separates decimals")
    }
    let example = texts.max { $0.count < $1.count } ?? ""
    if grammar.decimalSeparator != "." {
      set("decimal", .text(String(grammar.decimalSeparator)), "numbers look like \"\(example)\"")
    }
    let separators = grammar.groupSeparators
    if let first = separators.first {
      let grouped = texts.filter { $0.hasBetweenDigits(first) }.max { $0.count < $1.count } ?? example
      set(
        "thousands",
        separators.count == 1 ? .text(String(first)) : .list(separators.map { JSONLiteral.text(String($0)) }),
        "numbers look like \"\(grouped)\"")
    }
    if grammar.grouping == .indian { set("grouping", "indian", "numbers look like \"\(example)\"") }
  }

  private mutating func proposeDates(_ table: SampleTable, _ columns: [Int], isMonth: Bool) {
    let texts = columns.flatMap(table.texts)
    guard !texts.isEmpty, !isMonth || !texts.allSatisfy({ BillingMonth($0) != nil }) else { return }
    let readings = DateGrammar.usual.compactMap { grammar -> (DateGrammar, [Date])? in
      let dates = texts.compactMap { grammar.moment($0, in: .gmt, pivot: 2_000)?.date }
      return dates.count == texts.count ? (grammar, dates) : nil
    }
    guard let (grammar, dates) = readings.first else {
      return doubt("dates", "no form reads all of the dates, such as \"\(texts[0])\"")
    }
    if let other = readings.first(where: { $0.1 != dates }) {
      return doubt("dates", "\"\(texts[0])\" is \"\(grammar.pattern)\" or \"\(other.0.pattern)\"")
    }
    set("dates", [.text(grammar.pattern)], "dates look like \"\(texts[0])\"")
    if grammar.needsPivot { doubt("pivot_year", "years have two digits: which is the first that they may be?") }
  }

  /// What the words in the columns stand for, as far as it can be told.
  private mutating func proposeWords(
    _ table: SampleTable, _ chosen: [InvoiceField: Int], _ organizations: Set<OrganizationID>
  ) {
    func words(_ field: InvoiceField) -> [String] {
      Set(chosen[field].map(table.texts) ?? []).sorted().prefix(50).map(\.self)
    }
    let unknown = words(.organization).filter { !organizations.contains(OrganizationID($0)) }
    addWords("organizations", unknown.map { ($0, nil) })
    addWords(
      "metrics",
      words(.metric).filter { Metric(rawValue: $0.lowercased()) == nil }.compactMap { word in
        ColumnWords.metric(word).map { (word, $0.rawValue) }
      })
    let isShared = chosen[.category] == chosen[.metric]
    addWords(
      "categories",
      words(.category).filter {
        ChargeCategory(rawValue: $0.lowercased()) == nil && !(isShared && ColumnWords.metric($0) != nil)
      }.map {
        ($0, ColumnWords.category($0)?.rawValue)
      })
    addWords(
      "issue_statuses",
      words(.issueStatus).filter { InvoiceIssueStatus(rawValue: $0.lowercased()) == nil }.map {
        ($0, nil)
      })
  }

  private mutating func addWords(_ name: String, _ words: [(word: String, meaning: String?)]) {
    guard !words.isEmpty else { return }
    members.append(.init(name, .object(words.map { .init($0.word, $0.meaning.map { .text($0) } ?? Self.mark) })))
    for (word, meaning) in words {
      if let meaning {
        reasons.append("\(name).\(word): \"\(meaning)\", because it is called so")
      } else {
        note("\(name).\(word)", "what does it stand for?")
      }
    }
  }
}
