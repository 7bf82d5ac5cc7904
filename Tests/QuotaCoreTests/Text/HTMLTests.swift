import QuotaCore
import Testing

@Suite("A text in HTML")
struct HTMLTests {
  @Test(
    "Has nothing that has a meaning there, and no character that has no place there",
    arguments: [
      ("", ""), ("plain", "plain"), ("✓ matched – 日本", "✓ matched – 日本"), ("\u{A0}£", "\u{A0}£"),
      ("<a href=\"b\">'c' & d</a>", "&lt;a href=&quot;b&quot;&gt;&#39;c&#39; &amp; d&lt;/a&gt;"),
      ("one\r\n\ttwo", "one\u{FFFD}\n\ttwo"), ("\u{0}\u{1F}\u{7F}", "\u{FFFD}\u{FFFD}\u{FFFD}"),
      ("a\u{80}b\u{9F}c", "a\u{FFFD}b\u{FFFD}c"), ("\u{FFFE}x\u{FFFF}", "\u{FFFD}x\u{FFFD}"),
      ("'\u{301}", "&#39;\u{301}"), ("\u{FEFF}", "\u{FEFF}"),
    ])
  func escaped(text: String, html: String) {
    #expect(Array(text.escapedForHTML.utf8) == Array(html.utf8))
  }

  @Test(
    "A capital letter begins what begins with a letter of ASCII",
    arguments: zip(["", "a", "matched", "Matched", "éa", "1a"], ["", "A", "Matched", "Matched", "éa", "1a"]))
  func capital(text: String, capital: String) {
    #expect(text.withCapital == capital)
  }
}
