import FoundationEssentials
import QuotaCore
import TestSupport
import Testing

@Suite("Importing executions")
struct LedgerImportTests {
  private static func context(
    _ columns: LedgerColumns = LedgerColumns(), organization: String? = nil, kind: ExecutionKind? = nil
  ) -> LedgerImport.Context {
    LedgerImport.Context(
      columns: columns, organization: organization.map { OrganizationID($0) }, kind: kind,
      organizations: [OrganizationID("acme"), OrganizationID("globex")], zone: .gmt, now: moment("2026-11-05T12:00"))
  }

  /// Reads a text in pieces: what is good, and what is wrong as `LINE: MESSAGE`.
  private static func read(
    _ text: String, _ context: LedgerImport.Context = context(), format: LedgerImport.Format? = nil, piece: Int = 10
  ) -> (reports: [ExecutionReport], issues: [String]) {
    var reader = LedgerImport(context, format: format)
    var results: [Result<LedgerImport.Row, LedgerImport.Issue>] = []
    let bytes = Array(text.utf8)
    for start in stride(from: 0, to: bytes.count, by: piece) {
      results += reader.read(Array(bytes[start..<min(start + piece, bytes.count)]))
    }
    results += reader.finish()
    var (reports, issues): ([ExecutionReport], [String]) = ([], [])
    for result in results {
      switch result {
      case .success(let row): reports.append(row.report)
      case .failure(let issue): issues.append("\(issue.line): \(issue.message)")
      }
    }
    return (reports, issues)
  }

  private static let header = "organization,kind,id,pages,status,requested_at,ended_at\n"

  @Test("CSV and JSON Lines with the same rows say the same")
  func formats() throws {
    let csv = Self.read(
      Self.header + "acme,conversion,c1,3,SUCCESS,2026-10-31T23:59:00Z,2026-11-01T00:00:10.5Z\n"
        + "globex,step,s1,,PROCESSING,2026-11-05T12:00:00+01:00,\n")
    let lines = Self.read(
      """

      {"organization": "acme", "kind": "conversion", "id": "c1", "pages": 3, "status": "success", "requested_at": "2026-10-31T23:59:00Z", "ended_at": "2026-11-01T00:00:10.5Z", "data": {"x": [1]}}
      {"organization": "globex", "kind": "step", "id": "s1", "pages": null, "status": "PROCESSING", "requested_at": "2026-11-05T11:00:00Z"}
      """)
    #expect(csv.issues == [])
    #expect(lines.issues == [])
    #expect(csv.reports == lines.reports)
    #expect(csv.reports.map(\.key.description) == ["acme/conversion/c1", "globex/step/s1"])
    #expect(csv.reports.first?.pages == 3)
    #expect(csv.reports.first?.endedAt?.iso8601 == "2026-11-01T00:00:10.500Z")
    #expect(csv.reports.allSatisfy { $0.origin == .import && $0.seenAt == moment("2026-11-05T12:00") })
  }

  @Test("A byte order mark, other columns and their order make no difference")
  func order() {
    let result = Self.read(
      "\u{FEFF}note,status,requested_at,id,kind,organization\r\nx,SUCCESS,2026-10-31T23:59:00Z,c1,conversion,acme\r\n")
    #expect(result.issues == [])
    #expect(result.reports.first?.endedAt == moment("2026-10-31T23:59"))
  }

  @Test("Columns can have other names, and the command line can say what a file leaves out")
  func mapping() throws {
    let (settings, issues) = try decodeConfiguration(
      #"{"import": {"delimiter": ";", "columns": {"id": "ref", "status": "state", "requested_at": "at"}}}"#
    ) { $0.decoded(as: LedgerSettings.shape) }
    #expect(issues.isEmpty)
    let columns = try #require(settings).columns
    let context = Self.context(columns, organization: "acme", kind: .identification)
    let result = Self.read("ref;state;at\nc1;completed;2026-10-31T23:59:00Z\n", context)
    #expect(result.issues == [])
    #expect(result.reports.first?.key.description == "acme/identification/c1")
    let missing = Self.read("reff;state;at\nc1;completed;2026-10-31T23:59:00Z\n", context)
    #expect(missing.reports.isEmpty)
    #expect(missing.issues.first?.hasPrefix("1: there is no column \"ref\" for \"id\"; did you mean \"reff\"?") == true)
  }

  @Test("What is wrong is reported with its line, all of it, and nothing of a column that is not read")
  func issues() {
    let result = Self.read(
      Self.header + """
        acm,conversion,c1,3,SUCCESS,2026-10-31T23:59:00Z,
        acme,convers,c2,3,SUCCESS,2026-10-31T23:59:00Z,
        acme,conversion,c 3,3,SUCCESS,2026-10-31T23:59:00Z,
        acme,conversion,c4,1.5,SUCCESS,2026-10-31T23:59:00Z,
        acme,conversion,c5,-1,SUCCESS,2026-10-31T23:59:00Z,
        acme,conversion,c6,1,done,2026-10-31T23:59:00Z,
        acme,conversion,c7,1,SUCCESS,2026-10-31 23:59,
        acme,conversion,c8,1,SUCCESS,,
        acme,conversion,c9,1,SUCCESS,2026-10-31T23:59:00Z,2026-10-30T23:59:00Z
        acme,conversion,c10,1,ENQUEUED,2026-10-31T23:59:00Z,2026-10-31T23:59:30Z
        acme,conversion,c11,1
        acme,conversion,c12,1,SUCCESS,2119-10-31T23:59:00Z,
        acme,conversion,good,1,SUCCESS,2026-10-31T23:59:00Z,
        acme,conver"sion,x
        """)
    let lines: [String] = result.issues.map { issue in String(issue.prefix { $0 != ":" }) }
    let expected: [String] = (2...13).map { "\($0)" } + ["15"]
    #expect(lines == expected)
    #expect(result.reports.map(\.key.id.rawValue) == ["good"])
    #expect(result.issues[0].contains("did you mean \"acme\"?"))
    #expect(result.issues.allSatisfy { !$0.contains("\n") })
  }

  @Test(
    "JSON that is wrong is reported with its line",
    arguments: [
      "{", "[]", #"{"id": true}"#, "7",
      #"{"organization": "acme", "kind": "step", "id": "s", "status": "ERROR", "requested_at": "2026-11-01T00:00:00Z", "pages": 1.5}"#,
    ])
  func json(line: String) {
    let good =
      #"{"organization": "acme", "kind": "step", "id": "s", "status": "ERROR", "requested_at": "2026-11-01T00:00:00Z"}"#
    let result = Self.read("\(good)\n\(line)\n\(good)", format: .jsonLines)
    #expect(result.issues.count == 1)
    #expect(result.issues.first?.hasPrefix("2: ") == true)
    #expect(result.reports.count == 2)
  }

  @Test("A name that stands twice in an object is said to, and a whole array is told from a table")
  func jsonOfAnotherForm() {
    let twice = Self.read(#"{"id": "a", "kind": "step", "id": "b"}"#)
    #expect(twice.issues == [#"1: cannot be read as JSON: "id" stands here twice (at byte 28)"#])
    for text in ["\n[\n" + #"{"id": "a"}"# + "\n]\n", "[ ]"] {
      #expect(
        Self.read(text).issues
          == ["1: this is a JSON array; save the executions as CSV or JSON Lines, one object a line"])
    }
    for text in ["[", "[id],kind\n"] {
      let table = Self.read(text).issues
      #expect(table.count == 1 && table[0].contains("column") && !table[0].contains("JSON"), "\(table)")
    }
  }

  @Test("A time with a zone that is of no year of the vendor's is told from one without")
  func years() {
    let result = Self.read(Self.header + "acme,conversion,c1,1,SUCCESS,2019-12-31T23:59:00Z,\n")
    #expect(
      result.issues
        == [#"2: "requested_at" is "2019-12-31T23:59:00Z", which is not of the years 2020 to 2100"#])
  }

  @Test("A line without an end does not take all memory")
  func longLine() {
    let result = Self.read("{" + String(repeating: "x", count: 1_200_000), piece: 65_536)
    #expect(result.issues.count == 1)
  }

  @Test(
    "An empty file is refused: its export may be cut off", arguments: ["", "\n\n"],
    [nil, .csv, .jsonLines] as [LedgerImport.Format?])
  func empty(text: String, format: LedgerImport.Format?) {
    let result = Self.read(text, format: format)
    #expect(result.reports.isEmpty)
    #expect(result.issues == ["1: the file is empty; was its export cut off?"])
  }

  @Test("A file with a header only has no rows")
  func headerOnly() {
    let result = Self.read(Self.header)
    #expect(result.reports.isEmpty)
    #expect(result.issues.isEmpty)
  }

  @Test(
    "What is no text is said to be what it is",
    arguments: [
      ("PK\u{3}\u{4}", "this is a workbook (.xlsx)"), ("%PDF-1.7", "this is a PDF"), ("<html>", "this is XML or HTML"),
    ])
  func otherKinds(text: String, words: String) {
    let issues = Self.read(text + Self.header).issues
    #expect(issues.count == 1)
    #expect(issues.first?.hasPrefix("1: \(words)") == true)
  }

  @Test(
    "Times are read as ISO 8601 allows, and in the forms that the configuration states",
    arguments: [
      ("2026-10-31T23:59Z", nil, "2026-10-31T23:59:00.000Z"),
      ("2026-11-01T00:59:00+0100", nil, "2026-10-31T23:59:00.000Z"),
      ("2026-10-31 23:59:00.5+00", nil, "2026-10-31T23:59:00.500Z"),
      ("2026-10-31 23:59:00 UTC", nil, "2026-10-31T23:59:00.000Z"), ("2026-09-31T00:00:00Z", nil, nil),
      ("2026-10-31T24:61:00Z", nil, nil), ("2026-10-31T23:59:00Z x", nil, nil), ("2026-10-31", nil, nil),
      ("1793491140", nil, nil), ("1793491140", "unix", "2026-10-31T23:59:00.000Z"),
      ("1793491140000", "unix_ms", "2026-10-31T23:59:00.000Z"),
      ("10/31/2026 11:59 PM", "M/d/yyyy h:mm a", "2026-10-31T23:59:00.000Z"), ("2026-10-31", "yyyy-MM-dd", nil),
    ] as [(String, String?, String?)])
  func times(text: String, form: String?, time: String?) throws {
    let json = form.map { #"{"import": {"dates": "\#($0)"}}"# } ?? "{}"
    let (settings, issues) = try decodeConfiguration(json) { $0.decoded(as: LedgerSettings.shape) }
    #expect(issues.isEmpty)
    let context = Self.context(try #require(settings).columns)
    let result = Self.read(Self.header + "acme,conversion,c1,3,PROCESSING,\(text),\n", context)
    #expect(result.reports.first?.requestedAt?.iso8601 == time)
    #expect(result.issues.isEmpty == (time != nil))
  }

  @Test("A time that a setting would read is refused with that setting")
  func timeHint() {
    let result = Self.read(Self.header + "acme,conversion,c1,3,PROCESSING,1793491140,\n")
    #expect(result.issues.first?.contains("\"unix\"") == true, "\(result.issues)")
    #expect(result.issues.first?.contains("\"ledger.import.dates\" would read it") == true)
  }

  @Test("Spaces around names and values make no difference, nor does a whole number with a decimal")
  func spaces() {
    let result = Self.read(
      "organization, kind, id, pages, status, requested_at, ended_at\n"
        + "acme, conversion, c1, 3.0, SUCCESS, 2026-10-31T23:59:00Z,\n acme , \"conversion\" , c2, 3, SUCCESS, 2026-10-31T23:59:00Z, \n"
    )
    #expect(result.issues == [])
    #expect(result.reports.map(\.pages) == [3, 3])
    for pages in ["3.5", "3.000", ".0", "3."] {
      #expect(Self.read(Self.header + "acme,conversion,c1,\(pages),SUCCESS,2026-10-31T23:59:00Z,\n").issues.count == 1)
    }
  }

  @Test("Another delimiter is named")
  func delimiter() {
    let result = Self.read(
      (Self.header + "acme,conversion,c1,3,SUCCESS,2026-10-31T23:59:00Z,\n").replacing(",", with: ";"))
    #expect(result.issues.count == 1)
    #expect(result.issues.first?.contains("\"ledger.import.delimiter\"") == true)
  }
}
