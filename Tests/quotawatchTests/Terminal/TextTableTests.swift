import Testing

@testable import quotawatch

@Suite("A table for the terminal")
struct TextTableTests {
  private let columns: [TextTable.Column] = [
    .init("ORGANIZATION", widths: 5...12), .init("USED", .right), .init("STATE"),
  ]

  private func table(_ rows: [[TextTable.Cell]]) -> TextTable {
    var table = TextTable(columns)
    for row in rows { table.add(row) }
    return table
  }

  @Test("aligns its columns and leaves no space at a line's end")
  func alignment() {
    let text = table([["Acme", "8,000", "firing"], ["Globex", "12", ""], ["x"]]).render(colored: false)
    #expect(
      text == """
        ORGANIZATION   USED  STATE
        Acme          8,000  firing
        Globex           12
        x

        """)
  }

  @Test("counts what a terminal shows, not characters or bytes")
  func widths() {
    let text = table([
      ["日本語", "1", "|"], ["e\u{301}te\u{301}", "1", "|"], ["👩‍👩‍👧🇩🇪", "1", "|"], ["한국", "1", "|"], ["☀️x", "1", "|"],
      ["Straße", "1", "|"], ["❤x", "1", "|"],
    ]).render(colored: false)
    let lines = text.split(separator: "\n").dropFirst()
    let spaces = lines.map { line in line.count { $0 == " " } }
    // 12 for the widest cell, the title, less what the name shows; 5 between it and the number, 2 after that.
    #expect(spaces == [6, 3, 4, 4, 3, 6, 2].map { 12 - $0 + 5 + 2 })
  }

  @Test(
    "cuts what is too long, at a whole character",
    arguments: [
      ("Acme Corporation Ltd", "Acme Corpor…"), ("Acme Corpora", "Acme Corpora"), ("日本語日本語", "日本語日本語"),
      ("日本語日本語x", "日本語日本…"), ("Acme Corpo日本", "Acme Corpo…"),
    ])
  func truncation(name: String, shown: String) {
    let lines = table([[.init(name)]]).render(colored: false).split(separator: "\n")
    #expect(lines[1] == shown)
  }

  @Test("colours cells on request, without moving anything")
  func colours() {
    let table = table([["Acme", .init("1", color: .red), .init("ok", color: .green)]])
    let plain = table.render(colored: false)
    let colored = table.render(colored: true)
    #expect(!plain.contains("\u{1B}"))
    #expect(colored.contains("Acme             \u{1B}[31m1\u{1B}[0m  \u{1B}[32mok\u{1B}[0m\n"))
    #expect(colored.replacing(/\x{1B}\[[0-9]+m/, with: "") == plain)
  }

  @Test(
    "shows control characters instead of obeying them",
    arguments: ["\u{1B}[31m", "a\nb", "\r\n", "\u{9B}31m", "\u{202E}abc", "\u{2066}", "a\tb", "\0"])
  func controlCharacters(name: String) {
    let text = table([[.init(name), "1"]]).render(colored: false)
    #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count == 3)
    #expect(text.contains("\u{FFFD}"))
    #expect(
      !text.unicodeScalars.contains { ["\u{1B}", "\u{9B}", "\u{202E}", "\u{2066}", "\r", "\t", "\0"].contains($0) })
  }

  @Test(
    "shows use as a bar that is full only at the quota",
    arguments: [
      (0, 100, "░░░░░░░░░░"), (1, 1_000, "█░░░░░░░░░"), (50, 100, "█████░░░░░"), (99, 100, "█████████░"),
      (100, 100, "██████████"), (300, 100, "██████████"), (0, 0, "░░░░░░░░░░"), (1, 0, "██████████"),
      (Int64.max - 1, Int64.max, "█████████░"),
    ] as [(Int64, Int64, String)])
  func bars(used: Int64, quota: Int64, expected: String) {
    #expect(UsageBar.text(used: used, of: quota) == expected)
  }

  @Test(
    "leaves columns out before it cuts what names a row",
    arguments: [
      (40, "client-00001  5  a note|client-00002  5  a note"), (26, "client-00001  5|client-00002  5"),
      (12, "client-0…  5|client-0…  5"),
    ])
  func ids(width: Int, rows: String) {
    var table = TextTable([
      .init("ID", widths: 9...28, keeping: 12), .init("N", widths: 1 ... .max), .init("MORE THAN THAT", rank: 1),
    ])
    for id in ["client-00001", "client-00002"] { table.add([.init(id), "5", "a note"]) }
    let lines = table.render(colored: false, width: width).split(separator: "\n").dropFirst()
    #expect(lines.joined(separator: "|") == rows)
  }
}
