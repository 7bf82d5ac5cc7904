import FoundationEssentials

/// Turns a row of a file into a report, or says what is wrong with it.
struct LedgerRowReader: Sendable {
  let context: LedgerImport.Context

  typealias Row = LedgerImport.Row
  typealias Issue = LedgerImport.Issue

  /// Reads a row of a CSV file.
  func row(_ row: CSVRow, _ header: LedgerHeader) -> Result<Row, Issue> {
    guard row.fields.count == header.width else {
      return .failure(
        Issue(line: row.line, message: "has \(row.fields.count) columns where the header has \(header.width)"))
    }
    return read(line: row.line) { field in header[field].map { row.fields[$0].withoutOuterSpaces } }
  }

  /// Reads lines of JSON; empty ones are skipped.
  func rows(_ lines: [LineReader.Line], _ isOver: inout Bool) -> [Result<Row, Issue>] {
    var results: [Result<Row, Issue>] = []
    for line in lines {
      guard let bytes = line.bytes else {
        isOver = true
        let limit = LineReader.longestLine
        results.append(
          .failure(
            Issue(line: line.number, message: "is longer than \(limit.grouped) bytes (what follows was not looked at)"))
        )
        continue
      }
      guard bytes.contains(where: { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }) else { continue }
      results.append(object(bytes, line: line.number))
    }
    return results
  }

  private func object(_ bytes: [UInt8], line: Int) -> Result<Row, Issue> {
    let root: JSONNode
    do throws(JSONSyntaxError) {
      root = try JSONParser.parse(bytes)
    } catch {
      let problem = ForeignText.line(error.message, limit: 100)
      return .failure(Issue(line: line, message: "cannot be read as JSON: \(problem) (at byte \(error.offset))"))
    }
    guard case .object = root.value else {
      return .failure(Issue(line: line, message: "is \(root.kind) instead of an object"))
    }
    var wrong: Issue?
    let result = read(line: line) { field in
      let name = context.columns[field]
      switch root[name]?.value {
      case nil, .null: return nil
      case .string(let text), .number(let text): return text
      case .some:
        wrong = wrong ?? Issue(line: line, message: "\"\(name)\" is \(root[name]?.kind ?? "") instead of text")
        return nil
      }
    }
    return wrong.map { .failure($0) } ?? result
  }

  /// Puts a report together.
  ///
  /// - Parameter text: what a field holds; nil or nothing if it holds nothing.
  private func read(line: Int, _ text: @escaping (LedgerField) -> String?) -> Result<Row, Issue> {
    Result { () throws(Issue) in
      let fields = RowFields(
        context: context, line: line, text: { field in text(field).flatMap { $0.isEmpty ? nil : $0 } })
      let status = try fields.status()
      let requestedAt = try fields.requestedAt()
      let key = Execution.Key(
        organization: try fields.organization(), kind: try fields.kind(), id: try fields.id())
      return Row(
        line: line,
        report: ExecutionReport(
          key: key, status: status, pages: try fields.pages(), requestedAt: requestedAt,
          endedAt: try fields.endedAt(status, requestedAt: requestedAt), origin: .import, seenAt: context.now))
    }
  }
}

/// The fields of one row.
private struct RowFields {
  let context: LedgerImport.Context
  let line: Int
  let text: (LedgerField) -> String?

  /// The most pages that one execution can have.
  private static let mostPages: Int64 = 1_000_000_000

  func organization() throws(LedgerImport.Issue) -> OrganizationID {
    guard let text = text(.organization) else {
      guard let organization = context.organization else { throw missing(.organization) }
      return organization
    }
    let id = OrganizationID(text)
    guard context.organizations.contains(id) else {
      let known = suggestion(for: text, among: context.organizations.map(\.rawValue))
      throw issue("no organization \(quoted(text)) is known\(known)")
    }
    return id
  }

  func kind() throws(LedgerImport.Issue) -> ExecutionKind {
    guard let text = text(.kind) else {
      guard let kind = context.kind else { throw missing(.kind) }
      return kind
    }
    guard let kind = ExecutionKind(rawValue: text.lowercased()) else {
      throw issue("\(named(.kind)) is \(quoted(text)); known: step, conversion, identification")
    }
    return kind
  }

  func id() throws(LedgerImport.Issue) -> ExecutionID {
    let text = try required(.id)
    guard let id = ExecutionID(rawValue: text) else {
      throw issue("\(named(.id)) is \(quoted(text)), which is no id: up to 128 letters, digits and - _ . : ~")
    }
    return id
  }

  func status() throws(LedgerImport.Issue) -> ExecutionStatus {
    let text = try required(.status)
    guard let status = ExecutionStatus(word: text) else {
      throw issue("\(named(.status)) is \(quoted(text)); known: ENQUEUED, PROCESSING, SUCCESS, ERROR")
    }
    return status
  }

  func pages() throws(LedgerImport.Issue) -> Int64? {
    guard let text = text(.pages) else { return nil }
    // A table that has been through a spreadsheet or a data frame has its whole numbers with a decimal.
    let digits = text.hasSuffix(".0") ? text.dropLast(2) : text[...]
    guard digits.hasOnlyDigits, let pages = Int64(digits), pages <= Self.mostPages else {
      throw issue("\(named(.pages)) is \(quoted(text)), which is no whole number from 0 to \(Self.mostPages.grouped)")
    }
    return pages
  }

  func requestedAt() throws(LedgerImport.Issue) -> Date { try time(.requestedAt, required(.requestedAt)) }

  /// The end: where an execution has ended and the file does not say when, the time of the request stands in.
  func endedAt(_ status: ExecutionStatus, requestedAt: Date) throws(LedgerImport.Issue) -> Date? {
    guard let text = text(.endedAt) else { return status.hasEnded ? requestedAt : nil }
    let time = try time(.endedAt, text)
    guard status.hasEnded else {
      throw issue("\(named(.endedAt)) is \(quoted(text)), but the status says that it has not ended")
    }
    guard time >= requestedAt else { throw issue("\(named(.endedAt)) is before \(named(.requestedAt))") }
    return time
  }

  private func time(_ field: LedgerField, _ text: String) throws(LedgerImport.Issue) -> Date {
    let moments = context.columns.times.lazy.compactMap { $0.moment(text, in: context.zone) }
    guard let date = moments.first(where: { $0.precision == .time })?.date else {
      let hint = DateGrammar.hint(for: text, pivot: nil, settings: "\"ledger.import.dates\"", precisions: [.time])
      throw issue(
        "\(named(field)) is \(quoted(text)), which is no time with a zone such as \"2026-11-05T12:00:00Z\" or \"2026-11-05T13:00:00+01:00\"\(hint)"
      )
    }
    guard BillingMonth(containing: date, in: .gmt) != nil else {
      let years = BillingMonth.years
      throw issue(
        "\(named(field)) is \(quoted(text)), which is not of the years \(years.lowerBound) to \(years.upperBound)")
    }
    return date
  }

  private func required(_ field: LedgerField) throws(LedgerImport.Issue) -> String {
    guard let text = text(field) else { throw missing(field) }
    return text
  }

  private func named(_ field: LedgerField) -> String { "\"\(context.columns[field])\"" }

  private func quoted(_ text: String) -> String { "\"\(ForeignText.line(text, limit: 60))\"" }

  private func missing(_ field: LedgerField) -> LedgerImport.Issue { issue("\(named(field)) is missing") }

  private func issue(_ message: String) -> LedgerImport.Issue { LedgerImport.Issue(line: line, message: message) }
}
