import Testing

@testable import QuotaCore

@Suite("A long table of organizations is kept as its text")
struct OrganizationTableTests {
  private func read(_ text: String, keepingRowsFrom limit: Int) -> (root: JSONNode?, issues: ConfigurationIssues) {
    let issues = ConfigurationIssues(source: Array("{}".utf8), file: "alerts.json")
    let template = JSONNode(
      .object([JSONMember(name: "file", nameOffset: 0, node: JSONNode(.string("keys/{id}"), offset: 0))]), offset: 0)
    let file = OrganizationsFile(path: "customers.csv", encoding: .utf8, names: [:], templates: [.apiKey: template])
    let root = OrganizationTable.read(
      Array(text.utf8), as: file, name: "customers.csv", directory: ".", keepingRowsFrom: limit, issues: issues,
      warnings: ConfigurationIssues(in: issues.sources))
    return (root, issues)
  }

  private func items(of root: JSONNode?) throws -> JSONList {
    guard case .array(let items)? = root?.value else { throw CSVSyntaxError(line: 0, message: "no list") }
    return items
  }

  private static let text = """
    id,name,tags,quota_pages,api_key_file
    acme,"Acme, Inc.",vip north,500,
    ,,,,

    globex,,,,keys/g
    initech,"two
    lines",a;b,0,
    """

  @Test("and says the same, at the same places", arguments: ["\n", "\r\n", "\r"])
  func same(end: String) throws {
    let text = Self.text.replacing("\n", with: end)
    let (short, long) = (read(text, keepingRowsFrom: .max), read(text, keepingRowsFrom: 1))
    let root = try #require(short.root)
    #expect(root == long.root)
    let items = try items(of: root)
    #expect(items.map { $0["id"]?.string } == ["acme", "globex", "initech"])
    for item in items {
      for name in ["id", "name", "quota", "api_key"] {
        guard let offset = item[name]?.offset else { continue }
        #expect(short.issues.sources.path(at: offset) == long.issues.sources.path(at: offset))
      }
    }
    #expect(long.issues.sources.path(at: try #require(items[2]["name"]).offset) == "name")
    #expect(long.issues.isEmpty)
  }

  @Test("what is wrong with a row is told once, and the others are there")
  func wrong() throws {
    let text = "id,quota_pages\na,1\n,2\nb,many\nc,4,5\nd,6\n"
    let found = [1, .max].map { read(text, keepingRowsFrom: $0) }
    for (root, issues) in found {
      let items = try items(of: root)
      #expect(items.map { $0["id"]?.string } == ["a", "b", "d"])
      // Looked at again.
      #expect(items.map { $0["quota"]?["pages"] != nil } == [true, false, true])
      #expect(issues.count == 3)
    }
    #expect(found[0].issues.sorted == found[1].issues.sorted)
    #expect(found[0].issues.sorted.map(\.position.line) == [3, 4, 5])
  }
}
