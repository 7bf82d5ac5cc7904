package import FoundationEssentials

/// Everything that a file of invoices says.
package struct InvoiceFile: Sendable {
  package internal(set) var lines: [InvoiceLine] = []
  /// Lines of parts that come to nothing: they count only where an earlier file of the invoice had them.
  package internal(set) var emptyParts: [InvoiceLine] = []
  /// What the file says of invoices as a whole.
  package internal(set) var totals: [StatedTotal] = []
  /// The invoices that the file retracts with all of their lines.
  package internal(set) var voided: Set<String> = []
  /// Why rows cannot be read, in the order of the file; the file is good only without any.
  package internal(set) var problems: [String] = []
  /// What a person should look at although the file can be read.
  package internal(set) var warnings: [String] = []
  /// Rows that the mapping says are no lines, and rows without anything in them.
  package internal(set) var skipped = 0
  /// How the fields were read, for a person to look over.
  package internal(set) var fields: [FieldReading] = []

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

  private var statedTotals: Set<StatedTotal> = []

  /// How many problems are told.
  private static let maximumProblems = 100

  /// Reads a whole file.
  ///
  /// - Parameters:
  ///   - organizations: those that exist.
  ///   - zone: the billing time zone.
  ///   - hash: the file's hash, for the ids of lines that have none.
  ///   - sheet: of a workbook, instead of its first.
  ///   - inflate: unpacks workbooks.
  package init(
    _ bytes: [UInt8], mapping: InvoiceMapping, organizations: Set<OrganizationID>, zone: TimeZone, hash: String,
    sheet: String? = nil, inflate: @escaping ZIPArchive.Inflate = { _, _ in nil }
  ) {
    func interpreter(_ chosen: InvoiceMapping) -> InvoiceInterpreter {
      InvoiceInterpreter(chosen, organizations: organizations, zone: zone, fileHash: hash)
    }
    if Self.isWorkbook(bytes) {
      readWorkbook(bytes, sheet: sheet, inflate: inflate, mapping, interpreter)
    } else if let refusal = Self.refusal(of: bytes) {
      report(refusal)
    } else if sheet != nil {
      report("only a workbook has sheets, and this is none")
    } else {
      readText(bytes, mapping, interpreter)
    }
    findRepeated()
    compareWholeFile()
  }

  private mutating func readText(
    _ bytes: [UInt8], _ mapping: InvoiceMapping, _ interpreter: (InvoiceMapping) -> InvoiceInterpreter
  ) {
    do throws(TextEncoding.Problem) {
      let text = try mapping.encoding.utf8(bytes)
      switch mapping.format ?? Self.format(of: text) {
      case .csv: readTable(text, mapping, interpreter)
      case .json: readObjects(text, mapping, interpreter)
      }
    } catch {
      report(error.message)
    }
  }

  /// Whether bytes are a ZIP archive, as workbooks are.
  static func isWorkbook(_ bytes: [UInt8]) -> Bool { bytes.starts(with: Array("PK\u{3}\u{4}".utf8)) }

  /// Why a file of another kind is not read, and what to do; nil for one that may be.
  static func refusal(of bytes: [UInt8]) -> String? {
    let start = bytes.prefix(256).filter { $0 > 0x20 && $0 < 0x7F }
    let kinds: [([UInt8], String)] = [
      (Array("%PDF".utf8), "this is a PDF, which has no columns; ask the vendor for CSV, JSON or a workbook (.xlsx)"),
      ([0xD0, 0xCF, 0x11, 0xE0], "this is a workbook of an old Excel (.xls); save it as .xlsx or as CSV"),
      ([0x1F, 0x8B], "this is compressed; unpack it with gunzip first"),
    ]
    if let kind = kinds.first(where: { bytes.starts(with: $0.0) }) { return kind.1 }
    guard start.first == UInt8(ascii: "<") else { return nil }
    return "this is XML or HTML, which is not read; export the invoice's lines as CSV, JSON or a workbook (.xlsx)"
  }

  static func format(of bytes: ArraySlice<UInt8>) -> InvoiceMapping.Format {
    let spaces: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0D]
    switch bytes.first(where: { !spaces.contains($0) }) {
    case UInt8(ascii: "{"), UInt8(ascii: "["): return .json
    default: return .csv
    }
  }

  mutating func report(_ problem: String) {
    if problems.count < Self.maximumProblems { problems.append(problem) }
  }

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

  mutating func take(_ record: some InvoiceRecord, _ interpreter: inout InvoiceInterpreter, skip: InvoiceMapping.Skip?)
  {
    do throws(InvoiceInterpreter.Problem) {
      let row = try interpreter.read(record, skip: skip)
      if skip != nil { skipped += 1 }
      lines += row.lines
      emptyParts += row.emptyParts
      for total in row.totals where statedTotals.insert(total).inserted { totals.append(total) }
    } catch {
      report(error.message)
    }
    guard skip == nil else { return }
    for index in fields.indices where fields[index].example == nil {
      fields[index].example = fields[index].columns.lazy.compactMap { record.text($0) }.first
    }
  }

  /// Two rows with one id would each be taken for a change of the other.
  private mutating func findRepeated() {
    var seen: Set<InvoiceLineKey> = []
    for line in lines where !seen.insert(line.key).inserted {
      report(
        "line \(line.key.line) of invoice \(line.key.invoice) is in the file twice; map \"line_id\" to a column that is "
          + "different in every row")
    }
    let stated = Dictionary(grouping: totals) { [$0.invoice, $0.kind.rawValue, $0.currency.code] }
    for (key, totals) in stated.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) })
    where totals.count > 1 && !key[0].isEmpty {
      let amounts = totals.map { "\(Money($0.amount, $0.currency))" }.joined(separator: " and ")
      report("invoice \(key[0]) has more than one \(totals[0].kind.words) in the file: \(amounts)")
    }
  }

  /// Totals of a row that names no invoice are the whole file's.
  private mutating func compareWholeFile() {
    let invoices = Set(lines.map(\.key.invoice))
    let whole = totals.filter { $0.invoice.isEmpty }
    for total in totals where !total.invoice.isEmpty && !invoices.contains(total.invoice) {
      warnings.append("the file states a \(total.kind.words) of invoice \(total.invoice), and has no lines of it")
    }
    totals.removeAll { !invoices.contains($0.invoice) }
    for total in whole {
      if invoices.count == 1, let only = invoices.first {
        totals.append(StatedTotal(invoice: only, kind: total.kind, currency: total.currency, amount: total.amount))
        continue
      }
      let sum = total.sum(of: lines)
      guard sum != total.amount else { continue }
      warnings.append(
        "the file states a \(total.kind.words) of \(Money(total.amount, total.currency)), and its lines come to "
          + "\(Money(sum, total.currency))")
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
