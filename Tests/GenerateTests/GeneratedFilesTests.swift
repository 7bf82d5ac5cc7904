import Testing

@testable import Generate

@Suite("Generated files")
struct GeneratedFilesTests {
  private static let root = #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }

  @Test("are what the code declares; run \"make generate\" after a change")
  func fresh() throws {
    let files = try GeneratedFiles(root: Self.root).all()
    #expect(files.contains { $0.path.hasSuffix("deploy/alerts.schema.json") })
    for file in files { #expect(!file.isStale, "\(file.path) is stale: run \"make generate\"") }
  }

  @Test("a page is filled between its marks, and what stands there goes")
  func filled() throws {
    let page = "Before.\n<!-- generated: retention -->\nold\n<!-- end -->\nAfter.\n"
    let filled = try GeneratedSections.filled(page, in: "page.md")
    #expect(filled.hasPrefix("Before.\n<!-- generated: retention -->\n| Key | Type | Default | Meaning |\n"))
    #expect(filled.contains("| `thin_after_days` | 1 to 3650 | 90 |"))
    #expect(filled.hasSuffix("\n<!-- end -->\nAfter.\n"))
    #expect(!filled.contains("old"))
    #expect(try GeneratedSections.filled(filled, in: "page.md") == filled)
  }

  @Test(
    "a page with a mark that means nothing is refused",
    arguments: ["<!-- generated: nothing -->\n<!-- end -->\n", "<!-- generated: retention -->\n"])
  func refused(page: String) {
    #expect(throws: GeneratedSections.Problem.self) { try GeneratedSections.filled(page, in: "page.md") }
  }
}
