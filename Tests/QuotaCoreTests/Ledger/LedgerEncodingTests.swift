import FoundationEssentials
import QuotaCore
import TestSupport
import Testing

@Suite("Importing executions from files of other encodings")
struct LedgerEncodingTests {
  /// The organizations of the good rows, and what is wrong as `LINE: MESSAGE`.
  private func read(_ bytes: [UInt8], _ encoding: TextEncoding = .utf8) -> (ids: [String], issues: [String]) {
    var reader = LedgerImport(
      LedgerImport.Context(
        columns: LedgerColumns(names: [.organization: "Größe"], encoding: encoding), organization: nil,
        kind: .conversion, organizations: [OrganizationID("acme")], zone: .gmt, now: moment("2026-11-05T12:00")))
    var results: [Result<LedgerImport.Row, LedgerImport.Issue>] = []
    for start in stride(from: 0, to: bytes.count, by: 5) { results += reader.read(Array(bytes[start...].prefix(5))) }
    results += reader.finish()
    var (ids, issues): ([String], [String]) = ([], [])
    for result in results {
      switch result {
      case .success(let row): ids.append(row.report.key.id.rawValue)
      case .failure(let issue): issues.append("\(issue.line): \(issue.message)")
      }
    }
    return (ids, issues)
  }

  private static let csv =
    "Größe,id,status,requested_at\nacme,c1,SUCCESS,2026-10-31T23:59:00Z\nacme,c2,SUCCESS,2026-10-31T23:59:00Z\n"
  private static let lines =
    #"{"Größe": "acme", "id": "c1", "status": "SUCCESS", "requested_at": "2026-10-31T23:59:00Z"}"# + "\n"

  @Test("UTF-16 with a mark and UTF-8 with and without one need no setting", arguments: [csv, lines])
  func marks(text: String) {
    let little: [UInt8] = [0xFF, 0xFE] + text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    let big: [UInt8] = [0xFE, 0xFF] + text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
    for bytes in [Array(text.utf8), [0xEF, 0xBB, 0xBF] + Array(text.utf8), little, big] {
      #expect(read(bytes).issues == [])
      #expect(read(bytes).ids.first == "c1")
    }
  }

  @Test("Windows-1252 is read where it is stated, and named where it is not")
  func windows() {
    let bytes = Self.csv.unicodeScalars.map { UInt8($0.value) }
    #expect(read(bytes, .windows1252).ids == ["c1", "c2"])
    let issues = read(bytes).issues
    #expect(issues.count == 1)
    #expect(issues.first?.contains(#"set "ledger.import.encoding": "windows-1252""#) == true)
    #expect(issues.first?.hasPrefix("1: ") == true)
  }

  @Test("Lines that end with CR alone are read, and a line for spreadsheets is named")
  func lineEnds() {
    #expect(read(Array(Self.csv.replacing("\n", with: "\r").utf8)).ids == ["c1", "c2"])
    let told = read(Array(("sep=,\r\n" + Self.csv).utf8)).issues
    #expect(told.count == 1)
    #expect(told.first?.contains(#""ledger.import.delimiter": ",""#) == true)
  }

  @Test("What begins like UTF-16 and is not is one issue")
  func broken() {
    #expect(
      read([0xFF, 0xFE, 0x00, 0xDC, 0x61, 0x00]).issues == [
        "1: the file begins like UTF-16 and is not; save it as UTF-8"
      ])
  }
}
