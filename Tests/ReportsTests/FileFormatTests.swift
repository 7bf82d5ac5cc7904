import Reports
import Testing

@Suite("The format of a report")
struct FileFormatTests {
  @Test(
    "is what the file's name ends in",
    arguments: [
      ("a.xlsx", .xlsx), ("A.XLSX", .xlsx), ("a.htm", .html), ("a.html", .html), ("a.ndjson", .jsonl), ("a.csv", .csv),
      ("a.journal", .hledger), ("/x.json/a", nil), ("a", nil), ("october.2026", nil), ("/dev/stdout", nil),
    ] as [(String, ReconciliationFormat?)])
  func named(file: String, format: ReconciliationFormat?) throws {
    #expect(try ReconciliationFormat.named(byFile: file) == format)
  }

  @Test("is none where the name stands for one that the report does not have", arguments: ["r.pdf", "r.json", "r.ODS"])
  func foreign(file: String) {
    #expect(throws: ForeignFormat.self) { try ReconciliationFormat.named(byFile: file) }
  }

  @Test("is told with those that there are")
  func message() throws {
    #expect(try ReportFormat.named(byFile: "u.jsonl") == .jsonl)
    let error = #expect(throws: ForeignFormat.self) { try ReportFormat.named(byFile: "u.xlsx") }
    #expect(error?.message == "this report cannot be written as .xlsx; it can be csv, jsonl")
  }
}
