import QuotaCore
import Testing

@Suite("A text from outside")
struct ForeignTextTests {
  @Test(
    "is one line without what a terminal or a reader could be fooled by",
    arguments: [
      ("plain", "plain"), ("a\r\nb\tc", "a b c"), ("  a  ", "a"), ("\u{1B}[31mred\u{7}", "[31mred"),
      ("invoice\u{202E}fdp.exe", "invoicefdp.exe"), ("a\u{2028}b", "a b"), ("\u{0}", ""), ("", ""),
      ("שלום", "שלום"), ("👩‍👩‍👧 family", "👩‍👩‍👧 family"),
    ])
  func line(text: String, line: String) {
    #expect(ForeignText.line(text) == line)
  }

  @Test("is cut with a mark")
  func cut() {
    #expect(ForeignText.line(String(repeating: "x", count: 201)) == String(repeating: "x", count: 199) + "…")
    #expect(ForeignText.line(String(repeating: "x", count: 200)).count == 200)
    // One visible character can be thousands of scalars.
    #expect(ForeignText.line("a" + String(repeating: "\u{301}", count: 10_000)).unicodeScalars.count == 200)
  }

  @Test(
    "never shows a secret that it repeats",
    arguments: [
      "key sk_live_1234 is bad", "sk_live_1234sk_live_1234", "sk_live\u{0}_1234", "sk_live_1234\u{301}",
      String(repeating: "x", count: 195) + "sk_live_1234",
    ])
  func secrets(text: String) {
    let line = ForeignText.line(text, hiding: [Secret("sk_live_1234"), Secret("")])
    #expect(!line.unicodeScalars.contains { $0 == "k" } || line.contains("key ‹secret› is bad"))
  }

  @Test("with bytes that are not UTF-8 is still one line")
  func bytes() {
    #expect(ForeignText.line([0x61, 0xFF, 0x0A, 0x62]) == "a\u{FFFD} b")
  }
}
