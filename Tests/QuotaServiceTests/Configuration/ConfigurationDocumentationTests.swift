import Foundation
import Notifiers
import QuotaCore
import Testing

@testable import QuotaService

@Suite("The documentation of the configuration")
struct ConfigurationDocumentationTests {
  private static func text(_ path: String) -> String {
    String(decoding: (try? Project.text(of: path)) ?? [], as: UTF8.self)
  }

  /// The ```` ```json ```` blocks of the page.
  private static let blocks: [String] = text("docs/configuration.md").components(separatedBy: "```json\n").dropFirst()
    .compactMap { $0.components(separatedBy: "```").first }

  @Test("there are examples")
  func some() {
    #expect(Self.blocks.count >= 5)
  }

  @Test("every example decodes without warnings, alone or with the parts that it leaves out", arguments: blocks)
  func decodes(block: String) throws {
    let json = try JSONParser.parse(Array(block.utf8))
    var parts: [String] = []
    if json["organizations"] == nil {
      let quota = json["rules"] == nil ? "{}" : #"{"pages": 1}"#
      parts.append(
        #""organizations": [{"id": "a", "api_key": {"env": "K"}, "quota": \#(quota)}, {"id": "b", "api_key": {"env": "L"}}]"#
      )
    }
    if json["rules"] == nil { parts.append(#""rules": [{"id": "r", "type": "credential"}]"#) }
    if json["notifiers"] == nil {
      parts.append(#""notifiers": {"ops": {"type": "slack", "url": {"env": "U"}}}"#)
    }
    // Examples of notifiers come without those who use them.
    if json["default_notify"] == nil {
      let names = Self.members(of: json["notifiers"]).isEmpty ? ["ops"] : Self.members(of: json["notifiers"])
      parts.append(#""default_notify": [\#(names.map { "\"\($0)\"" }.joined(separator: ", "))]"#)
    }
    let text = "{" + (parts + [String(block.drop { $0 != "{" }.dropFirst())]).joined(separator: ", ")
    #expect(try ConfigurationDecodingTests.decode(text).warnings == [])
  }

  private static func members(of node: JSONNode?) -> [String] {
    guard case .object(let members)? = node?.value else { return [] }
    return members.map(\.name)
  }

  @Test("every key of the schema is documented, here, or on the page of a rule or a channel")
  func keys() throws {
    let kinds = RuleKind.Name.allCases.map { "docs/rules/\($0.rawValue).md" }
    let channels = Channel.Kind.allCases.map { "docs/notifiers/\($0.rawValue).md" }
    let pages = (["docs/configuration.md", "docs/notifiers.md", "docs/rules.md"] + kinds + channels).map(Self.text)
      .joined(separator: "\n")
    for name in Self.names(try JSONParser.parse(Array(Configuration.schema.line.utf8))) {
      #expect(pages.contains("`\(name)`") || pages.contains("\"\(name)\""), "\(name) is not documented")
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
