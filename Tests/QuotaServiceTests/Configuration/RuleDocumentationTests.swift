import Foundation
import QuotaCore
import Testing

@testable import QuotaService

@Suite("The documentation of the rules")
struct RuleDocumentationTests {
  private static func page(_ kind: RuleKind.Name) throws -> String {
    String(decoding: try Project.text(of: "docs/rules/\(kind.rawValue).md"), as: UTF8.self)
  }

  @Test("every kind has a page with an example that decodes without warnings", arguments: RuleKind.Name.allCases)
  func examples(kind: RuleKind.Name) throws {
    let blocks = try Self.page(kind).components(separatedBy: "```json\n").dropFirst()
      .compactMap { $0.components(separatedBy: "```").first }
    #expect(!blocks.isEmpty)
    for block in blocks {
      let quotas = #"{"id": "quotas", "type": "threshold", "metric": "pages", "percent": [80], "notify": ["ops"]}"#
      let text = """
        {"organizations": [
           {"id": "a", "api_key": {"env": "K"}, "quota": {"pages": 1}, "plan": "p", "tags": ["vip"]},
           {"id": "b", "api_key": {"env": "L"}}],
         "plans": {"p": {"currency": "EUR", "charges": [{"model": "unit", "metric": "pages", "unit_price": "0.01"}]}},
         "notifiers": {"ops": {"type": "slack", "url": {"env": "U"}}}, "rules": [\(block), \(quotas)]}
        """
      let decoded = try ConfigurationDecodingTests.decode(text)
      #expect(decoded.warnings == [])
      #expect(decoded.rules.first?.kind.name == kind)
    }
  }

  @Test("every kind is in the index", arguments: RuleKind.Name.allCases)
  func index(kind: RuleKind.Name) throws {
    let index = String(decoding: try Project.text(of: "docs/rules.md"), as: UTF8.self)
    #expect(index.contains("[`\(kind.rawValue)`](rules/\(kind.rawValue).md)"))
  }

  @Test("every setting is on the kind's page, or in the index if all kinds have it", arguments: RuleKind.Name.allCases)
  func settings(kind: RuleKind.Name) throws {
    let schema = try JSONParser.parse(Project.text(of: "deploy/alerts.schema.json"))
    guard case .object(let definitions)? = schema["$defs"]?.value else {
      Issue.record("the schema has no definitions")
      return
    }
    let definition = definitions.first { member in
      guard case .string(let type)? = member.node["properties"]?["type"]?["const"]?.value else { return false }
      return type == kind.rawValue
    }
    guard case .object(let settings)? = definition?.node["properties"]?.value else {
      Issue.record("the schema does not know \(kind.rawValue)")
      return
    }
    let text = try Self.page(kind) + String(decoding: Project.text(of: "docs/rules.md"), as: UTF8.self)
    for setting in settings { #expect(text.contains("| `\(setting.name)` |"), "\(setting.name) is not documented") }
  }
}
