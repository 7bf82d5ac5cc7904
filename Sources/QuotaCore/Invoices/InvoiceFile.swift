package import FoundationEssentials

/// Reads a file of invoices piece by piece: memory holds a row of a table, however long that is. JSON and workbooks are
/// read as a whole.
package struct InvoiceFile {
  /// How many lines it has.
  package private(set) var lineCount = 0
  /// The invoices that the file retracts with all of their lines.
  package internal(set) var voided: Set<String> = []
  /// The others of which it says that they have no lines.
  package internal(set) var withoutLines: Set<String> = []
  /// Why rows cannot be read, in the order of the file; the file is good only without any.
  package private(set) var problems: [String] = []
  /// What a person should look at although the file can be read.
  package private(set) var warnings: [String] = []
  /// Rows that the mapping says are no lines, and rows without anything in them.
  package internal(set) var skipped = 0
  /// How the fields were read, for a person to look over.
  package private(set) var fields: [FieldReading] = []

  /// How one field was read.
  package struct FieldReading: Hashable, Sendable {
    /// Nil for an amount in a column of its own.
    package let field: InvoiceField?
    package let name: String
    /// The column that was chosen, or the fixed value in quotes.
    package let source: String
    let columns: [String]
    /// What the first row that has the field says there.
    package internal(set) var example: String?
  }

  let mapping: InvoiceMapping
  private let makeInterpreter: (InvoiceMapping) -> InvoiceInterpreter
  private let sheet: String?
  private let inflate: ZIPArchive.Inflate

  private enum Kind {
    case table
    case objects
    case workbook
  }

  /// Nil until enough of the file was seen.
  private var kind: Kind?
  /// Whether nothing more of the file is looked at.
  private(set) var isOver = false
  private var decoder: TextDecoder
  /// The file's beginning until its kind is known; all of what is read as a whole.
  private var bytes: [UInt8] = []
  var table: TableReading

  /// What the file says that all of its invoices come to, and what its lines do.
  private var wholeTotals: [StatedTotal] = []
  private var sums: [Currency: (net: ExactDecimal, tax: ExactDecimal)] = [:]

  /// How many problems are told.
  private static let maximumProblems = 100
  /// How many bytes tell what kind of file it is.
  private static let beginning = 1 << 10
  /// How large a file may be that is read as a whole, in bytes.
  private static let largest = 1 << 30

  /// - Parameters:
  ///   - organizations: those that exist.
  ///   - zone: the billing time zone.
  ///   - hash: the file's hash, for the ids of lines that have none.
  ///   - sheet: of a workbook, instead of its first.
  ///   - inflate: unpacks workbooks.
  package init(
    mapping: InvoiceMapping, organizations: Set<OrganizationID>, zone: TimeZone, hash: String, sheet: String? = nil,
    inflate: @escaping ZIPArchive.Inflate = { _, _ in nil }
  ) {
    self.mapping = mapping
    self.sheet = sheet
    self.inflate = inflate
    makeInterpreter = { InvoiceInterpreter($0, organizations: organizations, zone: zone, fileHash: hash) }
    decoder = TextDecoder(mapping.encoding)
    table = TableReading(mapping)
  }

  func interpreter(_ chosen: InvoiceMapping) -> InvoiceInterpreter { makeInterpreter(chosen) }

  /// Takes the next bytes and hands on the rows that they complete.
  package mutating func read(_ chunk: [UInt8], into sink: some InvoiceSink) throws {
    guard !isOver else { return }
    guard kind != nil else {
      bytes += chunk
      if bytes.count >= Self.beginning { try begin(isEnd: false, into: sink) }
      return
    }
    try readOn(chunk, into: sink)
  }

  /// Ends the file and hands on its last rows.
  package mutating func finish(into sink: some InvoiceSink) throws {
    if kind == nil, !isOver { try begin(isEnd: true, into: sink) }
    guard !isOver else { return }
    switch kind {
    case .workbook: try readWorkbook(bytes, sheet: sheet, inflate: inflate, into: sink)
    case .objects:
      if let rest = decoded({ decoder throws(TextEncoding.Problem) in try decoder.finish() }) {
        try readObjects(bytes + rest, into: sink)
      }
    case .table, nil:
      if let rest = decoded({ decoder throws(TextEncoding.Problem) in try decoder.finish() }) {
        try readTable(rest, isEnd: true, into: sink)
      }
    }
    bytes = []
    isOver = true
    guard problems.isEmpty else { return }
    if lineCount == 0, voided.isEmpty, withoutLines.isEmpty { report("the file has no lines of invoices") }
    try compareTotals(sink)
  }

  private mutating func begin(isEnd: Bool, into sink: some InvoiceSink) throws {
    let beginning = bytes
    if let refusal = Self.refusal(of: beginning) { return stop(refusal) }
    if Self.isWorkbook(beginning) {
      kind = .workbook
      return
    }
    bytes = []
    if sheet != nil {
      stop("only a workbook has sheets, and this is none")
    } else if let text = decoded({ decoder throws(TextEncoding.Problem) in
      let text = try decoder.read(beginning)
      return isEnd ? try text + decoder.finish() : text
    }) {
      kind = (mapping.format ?? Self.format(of: text)) == .json ? .objects : .table
      try take(text: text, into: sink)
    }
  }

  private mutating func readOn(_ chunk: [UInt8], into sink: some InvoiceSink) throws {
    if case .workbook = kind {
      keep(chunk)
    } else if let text = decoded({ decoder throws(TextEncoding.Problem) in try decoder.read(chunk) }) {
      try take(text: text, into: sink)
    }
  }

  private mutating func take(text: [UInt8], into sink: some InvoiceSink) throws {
    if case .objects = kind { keep(text) } else { try readTable(text, isEnd: false, into: sink) }
  }

  private mutating func keep(_ more: [UInt8]) {
    bytes += more
    if bytes.count > Self.largest { stop("it is too large; as CSV it could have any size") }
  }

  /// Nil after reporting why it is no text.
  private mutating func decoded(
    _ decode: (inout TextDecoder) throws(TextEncoding.Problem) -> [UInt8]
  ) -> [UInt8]? {
    do throws(TextEncoding.Problem) {
      return try decode(&decoder)
    } catch {
      stop("line \(error.line): \(error.message)")
      return nil
    }
  }

  mutating func warn(_ warning: String) { warnings.append(warning) }

  mutating func report(_ problem: String) {
    problems.append(problem)
    // Nothing of it is stored: what comes after so many is not worth reading.
    if problems.count == Self.maximumProblems { isOver = true }
  }

  /// Reports why nothing more can be read.
  mutating func stop(_ problem: String) {
    report(problem)
    end()
  }

  mutating func end() { isOver = true }

  /// Notes which column each field is read from.
  mutating func note(_ chosen: InvoiceMapping) {
    for field in InvoiceField.allCases {
      switch chosen.fields[field] {
      case nil: continue
      case .value(let text):
        fields.append(
          FieldReading(field: field, name: field.rawValue, source: "\"\(text)\"", columns: [], example: text))
      case .columns(let names):
        fields.append(
          FieldReading(field: field, name: field.rawValue, source: names.joined(separator: " or "), columns: names))
      case .debitCredit(let debit, let credit):
        fields.append(
          FieldReading(
            field: field, name: field.rawValue, source: "\(debit) less \(credit)", columns: [debit, credit]))
      }
    }
    for (part, id) in zip(chosen.parts, chosen.partIDs) {
      let source = "\(part.column)\(part.isIncluded ? ", included in the amount" : "")"
      fields.append(FieldReading(field: nil, name: "part \(id)", source: source, columns: [part.column]))
    }
  }

  mutating func take(
    _ record: some InvoiceRecord, _ interpreter: inout InvoiceInterpreter, skip: InvoiceMapping.Skip?,
    into sink: some InvoiceSink
  ) throws {
    var row: InvoiceInterpreter.Row?
    do throws(InvoiceInterpreter.Problem) {
      row = try interpreter.read(record, skip: skip)
      if skip != nil { skipped += 1 }
    } catch {
      report(error.message)
    }
    if let row { try hand(row, to: sink) }
    guard skip == nil else { return }
    for index in fields.indices where fields[index].example == nil {
      fields[index].example = fields[index].columns.lazy.compactMap { record.text($0) }.first
    }
  }

  private mutating func hand(_ row: InvoiceInterpreter.Row, to sink: some InvoiceSink) throws {
    for line in row.lines {
      lineCount += 1
      add(line)
      // Two rows with one id would each be taken for a change of the other.
      guard try !sink.take(line) else { continue }
      report(
        "line \(line.key.line) of invoice \(line.key.invoice) is in the file twice; map \"line_id\" to a column that is "
          + "different in every row")
    }
    for part in row.emptyParts { try sink.takeEmpty(part) }
    for total in row.totals {
      if total.invoice.isEmpty { wholeTotals.append(total) } else { try sink.take(total) }
    }
  }

  private mutating func add(_ line: InvoiceLine) {
    guard mapping.skips.contains(where: \.isTotal) else { return }
    let (currency, amount) = (line.content.currency, line.content.amount)
    if line.content.category == .tax {
      sums[currency, default: (.zero, .zero)].tax += amount
    } else {
      sums[currency, default: (.zero, .zero)].net += amount
    }
  }

  /// Totals of a row that names no invoice are the whole file's, also where that has one invoice: another file may have more
  /// of it.
  private mutating func compareTotals(_ sink: some InvoiceSink) throws {
    for total in wholeTotals {
      let (net, tax) = sums[total.currency] ?? (.zero, .zero)
      let sum = total.kind == .net ? net : total.kind == .tax ? tax : net + tax
      guard sum != total.amount else { continue }
      warnings.append(
        "the file states a \(total.kind.words) of \(Money(total.amount, total.currency).exact), and its lines come to "
          + "\(Money(sum, total.currency).exact)")
    }
    for total in try sink.totalsWithoutLines() where !total.amount.isZero {
      warnings.append("the file states a \(total.kind.words) of invoice \(total.invoice), and has no lines of it")
    }
    let ambiguous = try sink.ambiguousTotals()
    for (index, total) in ambiguous.enumerated() where index == 0 || !total.isOfSame(as: ambiguous[index - 1]) {
      let amounts = ambiguous[index...].prefix { $0.isOfSame(as: total) }.map { Money($0.amount, $0.currency).exact }
      report(
        "invoice \(total.invoice) has more than one \(total.kind.words) in the file: "
          + amounts.joined(separator: " and "))
    }
  }

  /// Says that numbers may be meant in another way than they are read, if none of them tells.
  mutating func noteNumbers(_ interpreter: InvoiceInterpreter) {
    guard let example = interpreter.doubtfulNumber else { return }
    let decimal = interpreter.mapping.numbers.decimalSeparator
    warnings.append(
      "every number with a \"\(decimal)\" has three digits behind it, such as \(example), read as decimals; if they are "
        + "thousands, set \"thousands\": \"\(decimal)\" and \"decimal\": \"\(decimal == "." ? "," : ".")\"")
  }
}

extension StatedTotal {
  /// Whether it says the same thing of the same invoice, with whatever amount.
  fileprivate func isOfSame(as other: StatedTotal) -> Bool {
    invoice == other.invoice && kind == other.kind && currency == other.currency
  }
}
