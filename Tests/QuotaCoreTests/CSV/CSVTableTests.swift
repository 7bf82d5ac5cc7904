import Testing

@testable import QuotaCore

@Suite("Rows that are read again")
struct CSVTableTests {
  private func rows(_ text: String, skip: Int = 0) throws -> [CSVRow] {
    var (reader, rows) = (CSVReader(delimiter: UInt8(ascii: ","), skip: skip, notesStarts: true), [CSVRow]())
    try reader.read(Array(text.utf8), into: &rows)
    try reader.finish(into: &rows)
    return rows
  }

  private func expectSame(_ text: String, skip: Int = 0) throws {
    let table = try CSVTable(Array(text.utf8), delimiter: UInt8(ascii: ","), skip: skip)
    let rows = try rows(text, skip: skip)
    let again = try (0..<table.count).map { try table.row(at: $0) }
    #expect(again.map(\.fields) == rows.map(\.fields))
    #expect(again.map(\.starts) == rows.map(\.starts))
  }

  @Test(
    "are the same, at the same places",
    arguments: [
      "", "\n", "a", "a,b\nc,d", "a,b\r\nc,d\r\n", "a,b\rc,d\r", "\r\ra,b\r\r\rc,d\r\r", "\n\na,b\n\n\nc,d\n\n",
      "\"a\nb\",\"c\r\nd\"\n \"e \"\"f\"\" \" ,\n,\n\"\"\n", "Größe,\"ß\"\n,\n ,x",
    ], ["\n", "\r\n", "\r"])
  func same(text: String, end: String) throws {
    try expectSame(text)
    try expectSame("sep=,\(end)\(text.replacing(/\r\n|\r|\n/, with: end))", skip: 1)
  }

  @Test("however long the text is", arguments: ["\n", "\r\n", "\r"])
  func long(end: String) throws {
    for length in 1...40 {
      let word = String(repeating: "ü", count: length)
      try expectSame((0..<3_000).map { "\(word)\($0),\"\(word)\(end)\",\"\"\"\"\(end)" }.joined())
    }
  }

  @Test("a byte's row is found")
  func row() throws {
    let table = try CSVTable(Array("\na,b\n\nc,d\n".utf8), delimiter: UInt8(ascii: ","), skip: 0)
    #expect((0...10).map(table.index) == [nil, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1])
  }

  @Test("what is no row is refused with its line", arguments: ["a\n\"b", "a\nb\"", "a\nb\r\nc\rd"])
  func wrong(text: String) throws {
    let error = #expect(throws: CSVSyntaxError.self) { try rows(text) }
    #expect(throws: try #require(error)) { try CSVTable(Array(text.utf8), delimiter: UInt8(ascii: ","), skip: 0) }
  }
}
