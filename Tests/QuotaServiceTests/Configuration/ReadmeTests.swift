import Foundation
import QuotaCore
import Testing

@Suite("The README")
struct ReadmeTests {
  @Test("shows alerts.example.json as it is, with comments")
  func example() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..").standardized
    let readme = try String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)
    let block = try #require(readme.split(separator: "```jsonc\n").dropFirst().first?.split(separator: "```").first)
    // A comment has a space before it; the slashes of an address have none.
    let plain = block.split(separator: "\n").map { line in
      line.firstRange(of: " // ").map { String(line[..<$0.lowerBound]) } ?? String(line)
    }
    let shown = try JSONSerialization.jsonObject(with: Data(plain.joined(separator: "\n").utf8)) as? NSDictionary
    let file = try Data(contentsOf: root.appending(path: "alerts.example.json"))
    #expect(shown == (try JSONSerialization.jsonObject(with: file) as? NSDictionary))
  }
}
