import Testing

@testable import WebServer

@Suite("A badge")
struct BadgeTests {
  @Test("says in text what it shows, also to who does not see it")
  func text() {
    let svg = Badge(label: "Acme", text: "819 of 1,000 pages (81 %)", state: .ok).svg
    #expect(svg.contains("<title>Acme: 819 of 1,000 pages (81 %)</title>"))
    #expect(svg.contains(#"role="img" aria-label="Acme: 819 of 1,000 pages (81 %)""#))
    #expect(!svg.contains("style"))
    #expect(Badge(label: "a", text: "b", state: .exceeded).svg.contains("<title>a: b, used up</title>"))
  }

  @Test("looks different for each state, and not by its colour alone")
  func states() {
    let badges = [Badge.State.ok, .warning, .exceeded, .stale, .unknown].map {
      Badge(label: "a", text: "b", state: $0).svg
    }
    #expect(Set(badges).count == badges.count)
    #expect(badges[1].contains("▲") && badges[2].contains("✕") && badges[3].contains("◷"))
    #expect(badges[3].contains("stroke-dasharray"))
  }

  @Test("stays small and sound whatever an organization is called")
  func limits() {
    let name = String(repeating: "<script>&\"'👩‍👩‍👧‍👦", count: 50)
    let svg = Badge(label: name, text: name, state: .stale).svg
    #expect(svg.utf8.count <= 2_048)
    #expect(!svg.contains("<script"))
  }
}
