import Testing

@testable import QuotaCore

@Suite("Reading CSV")
struct CSVReaderTests {
  /// Reads a text in pieces of some bytes.
  private func rows(_ text: [UInt8], delimiter: String = ",", piece: Int = 7) throws -> [CSVRow] {
    var reader = CSVReader(delimiter: delimiter.utf8.first ?? 0x2C)
    var rows: [CSVRow] = []
    for start in stride(from: 0, to: text.count, by: piece) {
      try reader.read(Array(text[start..<min(start + piece, text.count)]), into: &rows)
    }
    try reader.finish(into: &rows)
    return rows
  }

  private func fields(_ text: String, delimiter: String = ",") throws -> [[String]] {
    try rows(Array(text.utf8), delimiter: delimiter).map(\.fields)
  }

  @Test(
    "What RFC 4180 allows is read",
    arguments: [
      ("a,b\nc,d\n", [["a", "b"], ["c", "d"]]),
      ("a,b\r\nc,d", [["a", "b"], ["c", "d"]]),
      ("a,b\rc,d\r\re", [["a", "b"], ["c", "d"], ["e"]]),
      ("a\r", [["a"]]),
      ("\"a,1\",\"say \"\"x\"\"\"\n", [["a,1", "say \"x\""]]),
      ("\"two\r\nlines\",b\r\n", [["two\r\nlines", "b"]]),
      (",\n", [["", ""]]),
      ("\"\"\n", [[""]]),
      ("\"\"\r\n", [[""]]),
      ("\"\"", [[""]]),
      ("a,\n", [["a", ""]]),
      ("a,\r\n", [["a", ""]]),
      ("a,", [["a", ""]]),
      ("\n\r\na\n\n", [["a"]]),
      (" a , b \n", [[" a ", " b "]]),
      ("", []),
      ("Größe,日本\n", [["Größe", "日本"]]),
    ])
  func valid(text: String, expected: [[String]]) throws {
    #expect(try fields(text) == expected)
  }

  @Test("The pieces in which a text arrives make no difference", arguments: 1...12)
  func pieces(size: Int) throws {
    let text = Array("id,name\r\n1,\"a \"\"b\"\"\r\nü\"\r\n2,\r\n".utf8)
    #expect(
      try rows(text, piece: size) == [
        CSVRow(line: 1, fields: ["id", "name"]), CSVRow(line: 2, fields: ["1", "a \"b\"\r\nü"]),
        CSVRow(line: 4, fields: ["2", ""]),
      ])
  }

  @Test("Lines at the beginning are passed over, whatever they have and however they end", arguments: 1...5)
  func skipped(piece: Int) throws {
    for (end, title) in [("\n", "say \"x"), ("\r\n", ""), ("\r", "a,\"b")] {
      var reader = CSVReader(skip: 2)
      var rows: [CSVRow] = []
      let text = Array([title, "", "a,b", "1,2"].joined(separator: end).utf8)
      for start in stride(from: 0, to: text.count, by: piece) {
        try reader.read(Array(text[start..<min(start + piece, text.count)]), into: &rows)
      }
      try reader.finish(into: &rows)
      #expect(rows == [CSVRow(line: 3, fields: ["a", "b"]), CSVRow(line: 4, fields: ["1", "2"])])
    }
  }

  @Test("Another delimiter leaves commas alone")
  func delimiter() throws {
    #expect(try fields("a;1,5\n\"b;c\";2\n", delimiter: ";") == [["a", "1,5"], ["b;c", "2"]])
  }

  @Test(
    "What is not CSV is refused with its line",
    arguments: [
      ("a,b\nc\"d\n", 2), ("a\n\"b\"c\n", 2), ("a\nb\n\"c\nd", 3), ("a\rb\n", 2), ("a\nb\r", 2), ("a\nb\rc\n", 2),
      ("a\n\u{0}\n", 2),
    ])
  func invalid(text: String, line: Int) {
    let error = #expect(throws: CSVSyntaxError.self) { try fields(text) }
    #expect(error?.line == line)
  }

  @Test("Bytes that are not UTF-8 are refused")
  func encoding() {
    let error = #expect(throws: CSVSyntaxError.self) { try rows([0x61, 0x0A, 0xE4, 0x0A]) }
    #expect(error?.line == 2)
  }

  @Test("A quote that is never closed does not take all memory")
  func unclosed() {
    var text = Array("a\n\"".utf8)
    text += [UInt8](repeating: UInt8(ascii: "x"), count: CSVReader.longestRow + 1)
    let error = #expect(throws: CSVSyntaxError.self) { try rows(text, piece: 65_536) }
    #expect(error?.line == 2)
  }

  @Test("The rows before an error are there")
  func before() {
    var reader = CSVReader()
    var rows: [CSVRow] = []
    #expect(throws: CSVSyntaxError.self) { try reader.read(Array("a\nb\nc\"\n".utf8), into: &rows) }
    #expect(rows.map(\.fields) == [["a"], ["b"]])
  }

  @Test(
    "a row tells where its fields begin, if that is wanted",
    arguments: [
      ("a,bc,\n\n\"x\",é,z", [[0, 2, 5], [7, 11, 14]]), ("a\r\nb,\r\n", [[0], [3, 5]]),
      ("a,b\rc,d\r", [[0, 2], [4, 6]]),
      ("a,", [[0, 2]]),
    ])
  func starts(text: String, starts: [[Int]]) throws {
    for size in [1, 3, 100] {
      var (reader, rows) = (CSVReader(notesStarts: true), [CSVRow]())
      let bytes = Array(text.utf8)
      for start in stride(from: 0, to: bytes.count, by: size) {
        try reader.read(Array(bytes[start..<min(start + size, bytes.count)]), into: &rows)
      }
      try reader.finish(into: &rows)
      #expect(rows.map(\.starts) == starts)
    }
  }
}
