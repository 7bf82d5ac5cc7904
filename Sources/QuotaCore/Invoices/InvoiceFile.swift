package import FoundationEssentials

/// Everything that a file of invoices says.
package struct InvoiceFile: Sendable {
  package internal(set) var lines: [InvoiceLine] = []
  /// Why rows cannot be read, in the order of the file; the file is good only without any.
  package internal(set) var problems: [String] = []
  /// Rows that the mapping says are no lines.
  package internal(set) var skipped = 0
  /// How the fields were read, for a person to look over.
  package internal(set) var fields: [FieldReading] = []

  /// How one field was read.
  package struct FieldReading: Hashable, Sendable {
    package let field: InvoiceField
    /// The column, or the fixed value in quotes.
    package let source: String
    /// What the first row that has the field says there.
    package internal(set) var example: String?
  }

  /// How many problems are told.
  private static let maximumProblems = 100

  /// Reads a whole file.
  ///
  /// - Parameters:
  ///   - organizations: those that exist.
  ///   - zone: the billing time zone.
  ///   - hash: the file's hash, for the ids of lines that have none.
  package init(
    _ bytes: [UInt8], mapping: InvoiceMapping, organizations: Set<OrganizationID>, zone: TimeZone, hash: String
  ) {
    var interpreter = InvoiceInterpreter(mapping, organizations: organizations, zone: zone, fileHash: hash)
    switch mapping.format ?? Self.format(of: bytes) {
    case .csv: readTable(bytes, mapping, &interpreter)
    case .json: readObjects(bytes, mapping, &interpreter)
    }
    findRepeated()
  }

  private static func format(of bytes: [UInt8]) -> InvoiceMapping.Format {
    let spaces: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF]
    switch bytes.first(where: { !spaces.contains($0) }) {
    case UInt8(ascii: "{"), UInt8(ascii: "["): return .json
    default: return .csv
    }
  }

  private mutating func report(_ problem: String) {
    if problems.count < Self.maximumProblems { problems.append(problem) }
  }

  private mutating func take(
    _ record: some InvoiceRecord, _ mapping: InvoiceMapping, _ interpreter: inout InvoiceInterpreter
  ) {
    do throws(InvoiceInterpreter.Problem) {
      let found = try interpreter.lines(of: record)
      if found.isEmpty { skipped += 1 }
      lines += found
    } catch {
      report(error.message)
    }
    for index in fields.indices where fields[index].example == nil {
      guard case .columns(let names) = mapping.fields[fields[index].field] else { continue }
      fields[index].example = names.lazy.compactMap { record.text($0) }.first
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
  }
}

// MARK: - Tables

extension InvoiceFile {
  private mutating func readTable(
    _ bytes: [UInt8], _ mapping: InvoiceMapping, _ interpreter: inout InvoiceInterpreter
  ) {
    var reader = CSVReader(delimiter: mapping.delimiter)
    var rows: [CSVRow] = []
    var columns: [String: Int]?
    var count = 0
    do throws(CSVSyntaxError) {
      for start in stride(from: 0, to: bytes.count, by: 1 << 16) {
        try reader.read(bytes[start..<min(start + 1 << 16, bytes.count)], into: &rows)
        take(&rows, &columns, &count, mapping, &interpreter)
      }
      try reader.finish(into: &rows)
      take(&rows, &columns, &count, mapping, &interpreter)
      if columns == nil { report("the file is empty") }
    } catch {
      report("line \(error.line): \(error.message)")
    }
  }

  private mutating func take(
    _ rows: inout [CSVRow], _ columns: inout [String: Int]?, _ count: inout Int, _ mapping: InvoiceMapping,
    _ interpreter: inout InvoiceInterpreter
  ) {
    defer { rows.removeAll(keepingCapacity: true) }
    for row in rows {
      guard let known = columns else {
        columns = header(row, mapping)
        continue
      }
      // Without its columns no row can be read; the header's problems say all.
      guard !known.isEmpty else { return }
      count += 1
      guard row.fields.count == known.count else {
        report("line \(row.line): it has \(row.fields.count) fields, the header has \(known.count)")
        continue
      }
      take(TableRecord(row, row: count, columns: known), mapping, &interpreter)
    }
  }

  /// The place of each column; none where one that is needed is missing.
  private mutating func header(_ row: CSVRow, _ mapping: InvoiceMapping) -> [String: Int] {
    var columns: [String: Int] = [:]
    for (index, name) in row.fields.enumerated() {
      let name = name.withoutOuterSpaces
      // A column without a name, or with a name that others have, cannot be meant by anything.
      if columns[name] != nil, mapping.uses(name) { report("line \(row.line): two columns are called \"\(name)\"") }
      columns[columns[name] == nil && !name.isEmpty ? name : "\u{0}\(index)"] = index
    }
    let before = problems.count
    for field in InvoiceField.allCases {
      switch mapping.fields[field] {
      case nil: continue
      case .value(let text): fields.append(FieldReading(field: field, source: "\"\(text)\"", example: text))
      case .columns(let names):
        if let name = names.first(where: { columns[$0] != nil }) {
          fields.append(FieldReading(field: field, source: name))
        } else if !mapping.optionalFields.contains(field) {
          report(
            "line \(row.line): there is no column \(names.map { "\"\($0)\"" }.joined(separator: " or ")) for "
              + "\(field.rawValue); the columns are \(row.fields.map(\.withoutOuterSpaces).joined(separator: ", "))")
        }
      }
    }
    for name in mapping.parts.filter({ !$0.isOptional }).map(\.column) + mapping.skips.map(\.column)
    where columns[name] == nil {
      report("line \(row.line): there is no column \"\(name)\", which the mapping names")
    }
    return problems.count == before ? columns : [:]
  }
}

// MARK: - JSON

extension InvoiceFile {
  private mutating func readObjects(
    _ bytes: [UInt8], _ mapping: InvoiceMapping, _ interpreter: inout InvoiceInterpreter
  ) {
    let root: JSONNode
    do throws(JSONSyntaxError) {
      root = try JSONParser.parse(bytes)
    } catch {
      return report("line \(TextPosition(offset: error.offset, in: bytes).line): not JSON: \(error.message)")
    }
    for field in InvoiceField.allCases {
      switch mapping.fields[field] {
      case nil: continue
      case .value(let text): fields.append(FieldReading(field: field, source: "\"\(text)\"", example: text))
      case .columns(let names): fields.append(FieldReading(field: field, source: names.joined(separator: " or ")))
      }
    }
    var count = 0
    for (place, invoice) in Self.invoices(in: root, mapping) {
      guard let path = mapping.linesPath else {
        count += 1
        take(ObjectRecord(invoice, in: invoice, place: place, row: count), mapping, &interpreter)
        continue
      }
      guard let list = invoice.nodes(at: path).first, case .array(let items) = list.value else {
        report("\(place): it has no list \"\(path)\"")
        continue
      }
      if invoice.nodes(at: "\(path.split(separator: ".").dropLast().joined(separator: ".")).has_more").first?.value
        == .boolean(true)
      {
        report("\(place): its list \"\(path)\" is only a part of its lines (has_more is true); export all of them")
      }
      for (index, item) in items.enumerated() {
        count += 1
        take(
          ObjectRecord(item, in: invoice, place: "\(place).\(path)[\(index)]", row: count), mapping, &interpreter)
      }
    }
    if count == 0, problems.isEmpty { report("the file has no lines of invoices") }
  }

  /// The invoices of a text that is one, a list of them, or has such a list.
  private static func invoices(in root: JSONNode, _ mapping: InvoiceMapping) -> [(place: String, node: JSONNode)] {
    func numbered(_ items: [JSONNode], _ name: String) -> [(place: String, node: JSONNode)] {
      items.enumerated().map { ("\(name)[\($0)]", $1) }
    }
    if case .array(let items) = root.value { return numbered(items, "") }
    if let path = mapping.invoicesPath, let list = root.nodes(at: path).first, case .array(let items) = list.value {
      return numbered(items, path)
    }
    return [("the invoice", root)]
  }
}
