import ArgumentParser
import Foundation
import Testing

@testable import quotawatch

@Suite("The commands that the documents show")
struct DocumentedCommandTests {
  private static let root = #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }

  /// The README and every page of `docs` apart from the decisions.
  static let pages: [String] = {
    let all = FileManager.default.enumerator(atPath: "\(root)/docs")?.compactMap { $0 as? String } ?? []
    return ["README.md"]
      + all.filter { $0.hasSuffix(".md") && !$0.hasPrefix("decisions/") }.sorted().map { "docs/\($0)" }
  }()

  @Test("are understood", arguments: pages)
  func understood(page: String) throws {
    let text = try String(contentsOfFile: "\(Self.root)/\(page)", encoding: .utf8)
    for (line, words, isWhole) in Self.commands(in: text) {
      if let problem = CommandNames.problem(in: words) {
        Issue.record("\(page):\(line): \(words.joined(separator: " ")): \(problem)")
        continue
      }
      do {
        _ = try QuotaWatch.parseAsRoot(words)
      } catch  where QuotaWatch.exitCode(for: error) != .success {
        // A sentence may name a command without what it needs.
        let message = QuotaWatch.message(for: error)
        if !isWhole, message.hasPrefix("Missing expected argument") { continue }
        Issue.record("\(page):\(line): \(words.joined(separator: " ")): \(message)")
      } catch {}
    }
  }

  @Test("are found in blocks of either form and in the text, behind other programs, and without what follows them")
  func found() {
    let text = """
      Say `quotawatch status` or `sudo quotawatch why acme`; `quotawatch …` is none.

          kubectl exec deploy/quotawatch -- quotawatch db backup '/a b' # a comment
      ```sh
      export KEY=x && quotawatch collect | quotawatch silence add --reason "moving house" \\
        --until 2d >file
      ```
      quotawatch reads a file.
      ```text
      quotawatch closing 1
      ```
      """
    #expect(
      Self.commands(in: text).map(\.words) == [
        ["status"], ["why", "acme"], ["db", "backup", "/a b"], ["collect"],
        ["silence", "add", "--reason", "moving house", "--until", "2d"],
      ])
  }

  /// What blocks of commands are called.
  private static let shells = ["sh", "console"]

  /// The words behind each `quotawatch` of blocks of commands and of code in the text, with the line.
  private static func commands(in page: String) -> [(line: Int, words: [String], isWhole: Bool)] {
    var commands: [(Int, [String], Bool)] = []
    var language: Substring?
    var continued = ""
    for (index, line) in page.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      if line.drop(while: { $0 == " " }).hasPrefix("```") {
        language = language == nil ? line.drop { $0 == " " || $0 == "`" }.prefix { $0 != " " } : nil
        continue
      }
      if language.map({ Self.shells.contains(String($0)) }) ?? line.hasPrefix("    ") {
        let whole = continued + line
        continued = whole.hasSuffix("\\") ? whole.dropLast() + " " : ""
        if continued.isEmpty { commands += words(whole).map { (index + 1, $0, true) } }
      } else if language == nil {
        for code in line.matches(of: /`((?:sudo )?quotawatch [^`…]+)`/) {
          commands += words(String(code.1)).map { (index + 1, $0, false) }
        }
      }
    }
    return commands
  }

  /// The words behind each `quotawatch` of a line of shell, up to the command's end.
  private static func words(_ line: String) -> [[String]] {
    var commands: [[String]] = []
    for command in tokens(line) {
      guard let start = command.lastIndex(of: "quotawatch"), start + 1 < command.count,
        command[start + 1].allSatisfy({ $0.isLowercase }), !command.contains("COMMAND")
      else { continue }
      commands.append(Array(command[(start + 1)...]))
    }
    return commands
  }

  /// A line of shell as words, by command; without comments and redirections.
  private static func tokens(_ line: String) -> [[String]] {
    var commands: [[String]] = [[]]
    var word: String?
    var quote: Character?
    func end() {
      if let word { commands[commands.count - 1].append(word) }
      word = nil
    }
    for character in line + " " {
      switch character {
      case _ where character == quote: quote = nil
      case _ where quote != nil: word?.append(character)
      case "'", "\"":
        quote = character
        word = word ?? ""
      case "#" where word == nil: return commands
      case " ", "\t": end()
      case "|", "&", ";":
        end()
        commands.append([])
      default: word = (word ?? "") + String(character)
      }
    }
    return commands.map { command in
      command.firstIndex { $0.hasPrefix(">") || $0.hasPrefix("<") }.map { Array(command[..<$0]) } ?? command
    }
  }
}
