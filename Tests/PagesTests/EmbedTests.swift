import FoundationEssentials
import QuotaCore
import Testing

@testable import Pages

@Suite("The page for frames")
struct EmbedTests {
  private let organization = Organization(id: OrganizationID("acme"), name: "Acme <Corp>")

  private func html(_ parameters: [String: String], _ row: StatusRow) throws -> String {
    EmbedPage(organization, [row], parameters).html(try PageTestWorld.frame(warnings: ["for operators"]))
  }

  @Test(
    "It speaks the language that is asked for, and English otherwise",
    arguments: [
      ("de-CH", "de", "9.500", "von 10.000"), ("es", "es", "9.500", "de 10.000"), ("en", "en", "9,500", "of 10,000"),
      ("tlh", "en", "9,500", "of 10,000"),
    ])
  func languages(asked: String, language: String, used: String, quota: String) throws {
    let page = try html(["lang": asked], PageTestWorld.row("acme", used: 9_500))
    #expect(page.contains("<html lang=\"\(language)\">"))
    #expect(page.contains(">\(used)</b> \(quota)"))
    #expect(page.contains("95 %"))
  }

  @Test("It is light, dark, or as the visitor prefers", arguments: ["light", "dark"])
  func themes(theme: String) throws {
    #expect(try html(["theme": theme], PageTestWorld.row("acme")).contains("data-theme=\"\(theme)\""))
    for other in ["auto", "\"><script>"] {
      #expect(try !html(["theme": other], PageTestWorld.row("acme")).contains("data-theme"))
    }
  }

  @Test("It says nothing that is for operators, links nowhere, and marks what is stale or used up")
  func content() throws {
    let page = try html(
      [:],
      PageTestWorld.row(
        "acme", used: 12_000, seen: PageTestWorld.now - .days(3), state: .keyRejected, problem: "HTTP 401: no such key")
    )
    #expect(!page.contains("for operators") && !page.contains("401") && !page.contains("<a "))
    #expect(page.contains("Used up") && page.contains("may be out of date") && page.contains("Acme &lt;Corp&gt;"))
  }
}
