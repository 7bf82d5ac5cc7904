import Foundation
import Notifiers
import QuotaCore
import Testing

@testable import QuotaService

@Suite("The documentation of the notifiers")
struct NotifierDocumentationTests {
  private static func page(_ path: String) throws -> String {
    String(decoding: try Project.text(of: path), as: UTF8.self)
  }

  private static func examples(_ path: String) throws -> [String] {
    try page(path).components(separatedBy: "```json\n").dropFirst().compactMap {
      $0.components(separatedBy: "```").first
    }
  }

  private static func decoded(_ example: String) throws -> NotifierConfiguration? {
    let text = #"{"organizations": [{"id": "a", "api_key": {"env": "K"}}], "notifiers": {"n": \#(example)}}"#
    return try ConfigurationDecodingTests.decode(text).notifiers.first?.configuration
  }

  @Test("every channel has a page with an example that decodes, and is in the index", arguments: ChannelType.allCases)
  func pages(kind: ChannelType) throws {
    let examples = try Self.examples("docs/notifiers/\(kind.rawValue).md")
    #expect(!examples.isEmpty)
    for example in examples { #expect(try Self.decoded(example)?.type == kind) }
    #expect(try Self.page("docs/notifiers.md").contains("[`\(kind.rawValue)`](notifiers/\(kind.rawValue).md)"))
  }

  @Test(
    "the index names every setting that all channels have",
    arguments: DeliveryPolicy.fields(refusingGroups: nil).declared.map(\.name))
  func settings(name: String) throws {
    #expect(try Self.page("docs/notifiers.md").contains("`\(name)`"))
  }

  @Test("the example of a template decodes")
  func template() throws {
    for example in try Self.examples("docs/templates.md") { #expect(try Self.decoded(example)?.template != nil) }
  }

  @Test("every field of a template is documented")
  func fields() throws {
    let page = try Self.page("docs/templates.md")
    for name in TemplateFields.names { #expect(page.contains("`\(name)`"), "\(name) is not documented") }
  }
}
