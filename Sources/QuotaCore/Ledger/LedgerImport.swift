package import FoundationEssentials

/// Reads executions from CSV or JSON Lines, piece by piece: memory holds one row, however long the file is.
///
/// What is wrong with a row is an issue with its line, and reading goes on, so that all of a file's issues come at once.
package struct LedgerImport {
  package enum Format: String, CaseIterable, Sendable {
    case csv
    case jsonLines = "jsonl"
  }

  /// A row that is good.
  package struct Row: Sendable {
    /// From 1.
    package let line: Int
    package let report: ExecutionReport
  }

  /// A row that is not.
  package struct Issue: Error, Hashable, Sendable {
    package let line: Int
    package let message: String

    package init(line: Int, message: String) {
      self.line = line
      self.message = message
    }
  }

  /// What is good for the whole file.
  package struct Context: Sendable {
    package let columns: LedgerColumns
    /// The organization of rows that name none.
    package let organization: OrganizationID?
    /// The kind of rows that name none.
    package let kind: ExecutionKind?
    /// Those that a row may name.
    package let organizations: Set<OrganizationID>
    /// The billing time zone, of times that have no zone of their own.
    package let zone: TimeZone
    package let now: Date

    package init(
      columns: LedgerColumns, organization: OrganizationID?, kind: ExecutionKind?, organizations: Set<OrganizationID>,
      zone: TimeZone, now: Date
    ) {
      self.columns = columns
      self.organization = organization
      self.kind = kind
      self.organizations = organizations
      self.zone = zone
      self.now = now
    }
  }

  /// Whether nothing more of the file can be read: the last issue says why.
  package private(set) var isOver = false
  private let rowReader: LedgerRowReader
  private var format: Format?
  private var decoder: TextDecoder
  private var csv: CSVReader
  private var header: LedgerHeader?
  private var lines = LineReader()
  /// What was read before the format is known.
  private var beginning: [UInt8] = []
  private var isBegun = false
  /// Whether the file has anything in it but white space.
  private var hasText = false

  /// - Parameter format: nil tells it by the first character: an object begins with `{`.
  package init(_ context: Context, format: Format? = nil) {
    rowReader = LedgerRowReader(context: context)
    self.format = format
    decoder = TextDecoder(context.columns.encoding)
    csv = CSVReader(delimiter: context.columns.delimiter)
  }

  /// Takes the next bytes and gives the rows that they complete.
  package mutating func read(_ chunk: [UInt8]) -> [Result<Row, Issue>] {
    if !isBegun, let refusal = Self.refusal(of: chunk) {
      isOver = true
      return [.failure(Issue(line: 1, message: refusal))]
    }
    isBegun = true
    return decoding { decoder throws(TextEncoding.Problem) in try decoder.read(chunk) }
  }

  /// Ends the file and gives its last row.
  package mutating func finish() -> [Result<Row, Issue>] {
    var rest = decoding { decoder throws(TextEncoding.Problem) in try decoder.finish() }
    if !isOver, hasText, format == nil { rest += begin(as: .csv) }
    guard !isOver else { return rest }
    isOver = true
    guard hasText else { return [.failure(Issue(line: 1, message: "the file is empty; was its export cut off?"))] }
    switch format {
    case nil: return rest
    case .csv: return rest + readCSV { reader, rows throws(CSVSyntaxError) in try reader.finish(into: &rows) }
    case .jsonLines: return rest + rowReader.rows(lines.finish(), &isOver)
    }
  }

  private mutating func decoding(
    _ decode: (inout TextDecoder) throws(TextEncoding.Problem) -> [UInt8]
  ) -> [Result<Row, Issue>] {
    guard !isOver else { return [] }
    do throws(TextEncoding.Problem) {
      return read(text: try decode(&decoder))
    } catch {
      isOver = true
      return [.failure(Issue(line: error.line, message: error.message))]
    }
  }

  private static let advice = "; save the executions as CSV or JSON Lines"

  /// Why a file of another kind is not read, and what to do; nil for one that may be.
  private static func refusal(of bytes: [UInt8]) -> String? {
    switch FileKind(bytes) {
    case .pdf: "this is a PDF\(advice)"
    case .oldWorkbook, .openDocument: "this is a workbook\(advice)"
    case .archive: "this is a workbook (.xlsx) or another ZIP archive\(advice)"
    case .gzip: "this is compressed; unpack it first, as with zcat"
    case .markup: "this is XML or HTML\(advice)"
    case nil: nil
    }
  }

  private mutating func read(text: [UInt8]) -> [Result<Row, Issue>] {
    hasText = hasText || text.contains { !Self.blank.contains($0) }
    guard let format else {
      beginning += text
      var signs = beginning.lazy.filter { !Self.blank.contains($0) }.makeIterator()
      guard let first = signs.next() else { return [] }
      guard first == UInt8(ascii: "[") else { return begin(as: first == UInt8(ascii: "{") ? .jsonLines : .csv) }
      // The name of a column may begin so, too.
      guard let second = signs.next() else { return [] }
      guard [UInt8(ascii: "{"), UInt8(ascii: "]")].contains(second) else { return begin(as: .csv) }
      isOver = true
      return [.failure(Issue(line: 1, message: "this is a JSON array\(Self.advice), one object a line"))]
    }
    switch format {
    case .csv: return readCSV { reader, rows throws(CSVSyntaxError) in try reader.read(text, into: &rows) }
    case .jsonLines: return rowReader.rows(lines.read(text), &isOver)
    }
  }

  private mutating func begin(as format: Format) -> [Result<Row, Issue>] {
    self.format = format
    defer { beginning = [] }
    return read(text: beginning)
  }

  /// White space.
  private static let blank: [UInt8] = [0x20, 0x09, 0x0A, 0x0D]

  private static let encodingHelp =
    ", or set \"ledger.import.encoding\": \"windows-1252\" in the configuration"

  private mutating func readCSV(
    _ read: (inout CSVReader, inout [CSVRow]) throws(CSVSyntaxError) -> Void
  ) -> [Result<Row, Issue>] {
    var rows: [CSVRow] = []
    var last: Result<Row, Issue>?
    do throws(CSVSyntaxError) {
      try read(&csv, &rows)
    } catch {
      isOver = true
      let help = error.message == CSVReader.notUTF8 ? Self.encodingHelp : ""
      last = .failure(Issue(line: error.line, message: "\(error.message)\(help) (what follows was not looked at)"))
    }
    var results: [Result<Row, Issue>] = []
    for row in rows {
      if let header {
        results.append(rowReader.row(row, header))
        continue
      }
      switch LedgerHeader.read(row, rowReader.context) {
      case .success(let read): header = read
      case .failure(let issue):
        isOver = true
        return [.failure(issue)]
      }
    }
    return results + [last].compactMap { $0 }
  }
}
