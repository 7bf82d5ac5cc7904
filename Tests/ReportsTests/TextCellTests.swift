import Foundation
import QuotaCore
import Reports
import TestSupport
import Testing

@Suite("Text in the usage report")
struct TextCellTests {
  @Test(
    "is defused when a spreadsheet would take it for a formula",
    arguments: [
      ("=1+1", "'=1+1"), ("+49 30", "'+49 30"), ("-5", "'-5"), ("@SUM(A1)", "'@SUM(A1)"), ("\tx", "'\tx"),
      ("\rx", "\"'\rx\""), ("=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\""),
      ("\nx", "\"'\nx\""), ("＝1+1", "'＝1+1"), ("＋1", "'＋1"), ("－1", "'－1"), ("＠SUM(A1)", "'＠SUM(A1)"),
      ("a=b", "a=b"), (" =1", " =1"), ("'=1", "'=1"), ("", ""),
    ])
  func formulas(name: String, cell: String) throws {
    let text = try report([ExampleMonth(name: name).stored()])
    #expect(text.contains("\n1,acme,\(cell),2026-01,"))
  }

  @Test(
    "holds nothing that steers a terminal or turns what follows around",
    arguments: [
      "\0", "\u{7}", "\u{8}", "\u{1B}", "\u{7F}", "\u{85}", "\u{9B}", "\u{200E}", "\u{200F}", "\u{61C}", "\u{202E}",
      "\u{2066}",
      "\u{2028}", "\u{FEFF}",
    ] as [Unicode.Scalar])
  func deceptive(character: Unicode.Scalar) throws {
    let months = [try ExampleMonth(name: "a\(character)b").stored()]
    #expect(try report(months).contains(",a\u{FFFD}b,"))
    #expect(try !report(months, format: .jsonl).unicodeScalars.contains(character))
  }

  @Test("leaves numbers alone, even negative ones")
  func negativeNumbers() throws {
    let text = try report([ExampleMonth(pages: -5).stored()])
    #expect(try column("quantity", of: text)[1] == "-5")
  }

  @Test("is not defused in JSON, which no spreadsheet evaluates")
  func json() throws {
    #expect(try report([ExampleMonth(name: "=1").stored()], format: .jsonl).contains(#""organization_name":"=1""#))
  }

  /// Names made of everything that means something to CSV, JSON or Unicode.
  private static func names() -> [String] {
    let pieces = [
      "a", "Z", "0", " ", ",", "\"", "\n", "\r", "\r\n", ";", "'", "\t", "\\", "/", "\u{1}", "\u{1F}", "\u{7F}", "ä",
      "日本",
      "e\u{301}", "👩‍👩‍👧", "\u{2028}", "\u{FEFF}", "=", "+", "-", "@",
    ]
    return pieces
      + (0..<300).map { _ in (0..<Int.random(in: 1...8)).map { _ in pieces.randomElement() ?? "" }.joined() }
  }

  @Test("is read back by Python's csv module as it was, but for what could steer a terminal", .timeLimit(.minutes(5)))
  func csvModule() throws {
    let names = Self.names()
    let rows = try parsed(
      try report(names.map { try ExampleMonth(name: $0).stored() }),
      by: "rows = list(csv.reader(io.StringIO(sys.stdin.buffer.read().decode(), newline=''), strict=True))")
    #expect(rows.allSatisfy { $0.count == 16 })
    let expected = names.map { name in
      // By scalar: as a character, CR LF is neither CR nor LF.
      let name = name.visible(keeping: ["\t", "\r", "\n"])
      return name.unicodeScalars.first.map { "=+-@\t\r\n".unicodeScalars.contains($0) } == true ? "'" + name : name
    }
    #expect(rows.dropFirst().map { Array($0[2].utf8) } == expected.flatMap { [Array($0.utf8), Array($0.utf8)] })
  }

  @Test("is read back by Python's json module as it was", .timeLimit(.minutes(5)))
  func jsonModule() throws {
    let names = Self.names()
    let rows = try parsed(
      try report(names.map { try ExampleMonth(name: $0).stored() }, format: .jsonl),
      by: "rows = [[o['organization_name']] for o in map(json.loads, sys.stdin.buffer.read().split(b'\\n')[:-1])]")
    #expect(rows.map { Array($0[0].utf8) } == names.flatMap { [Array($0.utf8), Array($0.utf8)] })
  }

  /// Runs Python over a text and returns the rows that it found.
  private func parsed(_ text: String, by program: String) throws -> [[String]] {
    let folder = FileManager.default.temporaryDirectory.appending(path: "quotawatch-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let input = folder.appending(path: "input")
    try Data(text.utf8).write(to: input)
    let python = Process()
    let output = Pipe()
    python.executableURL = URL(filePath: "/usr/bin/python3")
    python.arguments = [
      "-c", "import csv, io, json, sys\n\(program)\nsys.stdout.buffer.write(json.dumps(rows).encode())",
    ]
    python.standardInput = try FileHandle(forReadingFrom: input)
    python.standardOutput = output
    try python.run()
    let answer = try output.fileHandleForReading.rest()
    python.waitUntilExit()
    #expect(python.terminationStatus == 0)
    return try JSONDecoder().decode([[String]].self, from: answer)
  }
}
