import Foundation
import Testing

@testable import quotawatch

@Suite("A terminal's colours and columns")
struct ConsoleTests {
  private static func console(_ variables: [String: String], isTerminal: Bool) -> Console {
    Console(descriptor: -1, isTerminal: isTerminal) { variables[$0] }
  }

  @Test(
    "are used as the environment says",
    arguments: [
      ([:], true, false), (["TERM": "xterm"], true, true), (["TERM": "dumb"], true, false),
      (["TERM": "xterm"], false, false),
      (["CLICOLOR_FORCE": "1"], false, true), (["CLICOLOR_FORCE": "0", "TERM": "xterm"], false, false),
      (["NO_COLOR": "1", "TERM": "xterm"], true, false), (["NO_COLOR": "1", "CLICOLOR_FORCE": "1"], false, false),
      (["NO_COLOR": "", "TERM": "xterm"], true, true),
    ] as [([String: String], Bool, Bool)])
  func colours(variables: [String: String], isTerminal: Bool, expected: Bool) {
    #expect(Self.console(variables, isTerminal: isTerminal).usesColour == expected)
  }

  @Test(
    "are as many as COLUMNS says, on a terminal and elsewhere",
    arguments: [(["COLUMNS": "72"], 72), (["COLUMNS": "0"], nil), (["COLUMNS": "wide"], nil), ([:], nil)]
      as [([String: String], Int?)])
  func columns(variables: [String: String], expected: Int?) {
    #expect(Self.console(variables, isTerminal: false).columns == expected)
  }

  @Test(
    "show how far something is below what is written meanwhile, and elsewhere nothing of it", arguments: [true, false])
  func passing(isTerminal: Bool) {
    let pipe = Pipe()
    let console = Console(descriptor: pipe.fileHandleForWriting.fileDescriptor, isTerminal: isTerminal) { _ in nil }
    console.show(passing: "1/2")
    console.write("warning: x\n")
    console.show(passing: "2/2")
    console.show(passing: "")
    console.write("done\n")
    try? pipe.fileHandleForWriting.close()
    let written = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    #expect(
      written
        == (isTerminal ? "\r1/2\r\u{1B}[Kwarning: x\n1/2\r2/2\r\u{1B}[Kdone\n" : "warning: x\ndone\n"))
  }
}

@Suite("Words on a terminal")
struct ProseTests {
  @Test("break between words, and go on moved in")
  func breaks() {
    let prose = Prose([.init("holds"), .init("   "), .init("9,500 of 10,000 pages")], indent: 2, hang: 10)
    #expect(prose.render(colored: false, width: 24) == "  holds   9,500 of\n          10,000 pages\n")
    #expect(prose.render(colored: false, width: nil) == "  holds   9,500 of 10,000 pages\n")
  }

  @Test("keep a word whole that is wider than the line, and their spaces within it")
  func words() {
    #expect(
      Prose("a  pages-quota/globex/2026-11/pages b").render(colored: false, width: 12)
        == "a\n  pages-quota/globex/2026-11/pages\n  b\n")
    #expect(Prose("").render(colored: false, width: 12) == "\n")
    #expect(Prose("a  b").render(colored: false, width: 12) == "a  b\n")
  }

  @Test("have their colour on every line, and nothing that steers a terminal")
  func colours() {
    let prose = Prose([.init("one two", color: .dim), .init("\u{1B}[2J")])
    #expect(prose.render(colored: true, width: 5) == "\u{1B}[2mone\u{1B}[0m\n\u{1B}[2mtwo\u{1B}[0m�[2J\n")
  }

  @Test("count characters as wide as they are", arguments: 4...30)
  func wide(width: Int) {
    let text = Prose("日本語 株式会社 の 使用量").render(colored: false, width: width)
    #expect(text.split(separator: "\n").allSatisfy { DisplayWidth.of($0) <= max(width, 10) })
  }
}

@Suite("Help on a terminal")
struct HelpTextTests {
  @Test("breaks the line of the usage, too")
  func usage() {
    let help =
      "OVERVIEW: x\n\nExamples:\n  quotawatch alerts ack pages-quota/acme   every level\n\nUSAGE: quotawatch alerts ack [--config <config>] <id>"
    #expect(
      HelpText { _ in help }.fitted(to: 40) == """
        OVERVIEW: x

        Examples:
          quotawatch alerts ack pages-quota/acme
              every level

        USAGE: quotawatch alerts ack
               [--config <config>] <id>

        """)
  }

  @Test("leaves what is wrong on one line")
  func errors() {
    let error =
      "Error: Unknown option '--frobnicate' of a command with a long name\nUsage: quotawatch alerts ack [--config <config>]"
    #expect(
      HelpText { _ in error }.fitted(to: 40) == """
        Error: Unknown option '--frobnicate' of a command with a long name
        Usage: quotawatch alerts ack
               [--config <config>]

        """)
  }
}
