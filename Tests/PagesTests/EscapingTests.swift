import QuotaCore
import Testing

@testable import Pages

@Suite("What others have written, on pages")
struct EscapingTests {
  /// A quotation mark with an accent on it is a character of its own, which the template library leaves as it is.
  @Test(
    "Names cannot end an attribute or begin an element",
    arguments: [
      #""><script>x</script>"#, "\"\u{301} onmouseover=x", "'\u{301} x='", "<\u{301}b>", "a&amp;b", "{{title}}",
    ])
  func escaped(name: String) throws {
    let row = PageTestWorld.row("acme", name: name, tags: [name])
    let query = OverviewQuery(["q": name, "tag": name, "sort": "used"])
    let overview = OverviewPage(rows: [row], lastRun: nil, query: query).html(
      try PageTestWorld.frame(warnings: [name]))
    let view = OrganizationView(
      organization: Organization(id: OrganizationID("acme"), name: name, plan: name, tags: [name]), status: [row])
    let organization = OrganizationPage(view, page: 1).html(try PageTestWorld.frame())
    for page in [overview, organization] {
      #expect(page.contains(name.escapedForHTML))
      let scalars = Array(page.unicodeScalars)
      let raw = Array(name.unicodeScalars)
      guard name != name.escapedForHTML else { continue }
      #expect(!scalars.contains(raw))
    }
  }

  @Test("A name that is a template is a text")
  func braces() throws {
    let page = OverviewPage(
      rows: [PageTestWorld.row("acme", name: "{{{warning}}}")], lastRun: nil, query: OverviewQuery([:])
    ).html(try PageTestWorld.frame(warnings: ["secret"]))
    #expect(page.contains("{{{warning}}}"))
  }

  @Test("Nothing is written into a page that a content security policy without inline code refuses")
  func noInline() throws {
    let handler = try Regex(" on[a-z]+=")
    for (name, bytes) in PageTemplates.sources {
      let text = String(decoding: bytes, as: UTF8.self)
      #expect(!text.contains(" style=") && !text.contains("<style"), "\(name)")
      #expect(text.firstMatch(of: handler) == nil, "\(name)")
      #expect(!text.contains("{{{") && !text.contains("{{&"), "\(name)")
    }
  }
}
