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

  /// Whether a page names something as code, alone or within an example.
  private static func names(_ word: String, on page: String) -> Bool {
    page.contains("`\(word)`") || page.contains("\"\(word)\"")
  }

  private static let kinds = RuleType.allCases.map(\.rawValue) + ChannelType.allCases.map(\.rawValue)

  /// The keys of the schema that are no rule kind's and no channel's own.
  private static func commonKeys() throws -> Set<String> {
    let schema = try JSONParser.parse(Array(Configuration.schema.line.utf8))
    guard case .object(let members) = schema.value, case .object(let definitions)? = schema["$defs"]?.value else {
      return []
    }
    let parts = members.filter { $0.name != "$defs" } + definitions.filter { !kinds.contains($0.name) }
    return Set(parts.flatMap { names($0.node) })
      .union(Rule.common(for: nil).declared.map(\.name))
      .union(DeliveryPolicy.fields(refusingGroups: nil).declared.map(\.name))
  }

  @Test("the page names every key but those of a single kind, and every kind")
  func keys() throws {
    let page = Self.text("docs/configuration.md")
    for key in try Self.commonKeys() { #expect(Self.names(key, on: page), "\(key) is not on the page") }
    for kind in Self.kinds { #expect(Self.names(kind, on: page), "\(kind) is not on the page") }
  }

  @Test(
    "the page of each rule kind and each channel names its own keys",
    arguments: RuleType.allCases.map { ("rules", $0.rawValue) }
      + ChannelType.allCases.map { ("notifiers", $0.rawValue) })
  func ownKeys(folder: String, kind: String) throws {
    let schema = try JSONParser.parse(Array(Configuration.schema.line.utf8))
    let definition = try #require(schema["$defs"]?[kind])
    let page = Self.text("docs/\(folder)/\(kind).md")
    #expect(Self.names(kind, on: page))
    let common =
      folder == "rules"
      ? Rule.common(for: nil).declared : DeliveryPolicy.fields(refusingGroups: nil).declared
    for key in Self.names(definition).subtracting(common.map(\.name)) {
      #expect(Self.names(key, on: page), "\(key) is not on the page")
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
