import Foundation
import QuotaCore
import Testing

@testable import QuotaService

@Suite("The documentation of the configuration")
struct ConfigurationDocumentationTests {
  /// The ```` ```json ```` blocks of a page.
  private static let blocks: [String] = {
    let page = (try? Project.text(of: "docs/configuration.md")) ?? []
    return String(decoding: page, as: UTF8.self).components(separatedBy: "```json\n").dropFirst()
      .compactMap { $0.components(separatedBy: "```").first }
  }()

  @Test("there are examples")
  func some() {
    #expect(Self.blocks.count >= 5)
  }

  @Test(
    "every example decodes without warnings, alone or with the organizations and notifiers that it leaves out",
    arguments: blocks)
  func decodes(block: String) throws {
    var text = String(block.drop { $0 != "{" }.dropFirst())
    let json = try JSONParser.parse(Array(block.utf8))
    if json["organizations"] == nil {
      text = #""organizations": [{"id": "a", "api_key": {"env": "K"}, "quota": {"pages": 1}}], "# + text
    }
    if json["notifiers"] == nil {
      text = #""notifiers": {"ops": {"type": "slack", "url": {"env": "U"}}}, "# + text
    }
    #expect(try ConfigurationDecodingTests.decode("{" + text).warnings == [])
  }

  @Test("every key of the schema is documented")
  func keys() throws {
    let page = String(decoding: try Project.text(of: "docs/configuration.md"), as: UTF8.self)
    for name in Self.names(try JSONParser.parse(Project.text(of: "deploy/alerts.schema.json"))) {
      #expect(page.contains("`\(name)`") || page.contains("\"\(name)\""), "\(name) is not documented")
    }
  }

  /// The names under every `properties`.
  private static func names(_ node: JSONNode) -> Set<String> {
    switch node.value {
    case .object(let members):
      members.reduce(into: []) { names, member in
        if member.name == "properties", case .object(let properties) = member.node.value {
          names.formUnion(properties.map(\.name))
        }
        names.formUnion(Self.names(member.node))
      }
    case .array(let items): items.reduce(into: []) { $0.formUnion(names($1)) }
    default: []
    }
  }
}
