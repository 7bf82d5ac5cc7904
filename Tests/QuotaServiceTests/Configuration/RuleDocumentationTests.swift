import Foundation
import QuotaCore
import Testing

@testable import QuotaService

@Suite("The documentation of the rules")
struct RuleDocumentationTests {
  private static func page(_ kind: RuleType) throws -> String {
    String(decoding: try Project.text(of: "docs/rules/\(kind.rawValue).md"), as: UTF8.self)
  }

  @Test("every kind has a page with an example that decodes without warnings", arguments: RuleType.allCases)
  func examples(kind: RuleType) throws {
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
      #expect(decoded.rules.first?.kind.type == kind)
    }
  }

  @Test("every kind is in the index", arguments: RuleType.allCases)
  func index(kind: RuleType) throws {
    let index = String(decoding: try Project.text(of: "docs/rules.md"), as: UTF8.self)
    #expect(index.contains("[`\(kind.rawValue)`](rules/\(kind.rawValue).md)"))
  }

  @Test("the index names every setting that all kinds have")
  func settings() throws {
    let index = String(decoding: try Project.text(of: "docs/rules.md"), as: UTF8.self)
    for field in Rule.common(for: nil).declared { #expect(index.contains("| `\(field.name)` |"), "\(field.name)") }
  }
}
