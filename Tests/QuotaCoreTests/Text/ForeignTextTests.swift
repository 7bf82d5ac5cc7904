import Foundation
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

  @Test(
    "hides a secret in every form that it is sent in",
    arguments: [
      Data("\u{0}alerts@example.com\u{0}p&ss/\"wörd".utf8).base64EncodedString(),
      Data("\u{0}a@example.com\u{0}p&ss/\"wörd".utf8).base64EncodedString(),
      Data("p&ss/\"wörd".utf8).base64EncodedString(), Data("bc:p&ss/\"wörd: and more".utf8).base64EncodedString(),
      "p%26ss%2F%22w%C3%B6rd", "p%26ss%2f%22w%c3%b6rd", #"p&ss/\"wörd"#, #"p&ss\/\"wörd"#, "p&amp;ss/&quot;wörd",
    ])
  func encodedSecrets(form: String) {
    #expect(ForeignText.line("535 \(form) is wrong", hiding: [Secret("p&ss/\"wörd")]) == "535 ‹secret› is wrong")
  }

  @Test(
    "hides a secret in forms that dumps, addresses and other encoders of JSON give it",
    arguments: ["3e3e3e3f3f3f26", "3E3E3E3F3F3F26", "Pj4-Pz8_Jg", "Pj4+Pz8/Jg==", #"\u003e\u003e\u003e???\u0026"#])
  func dumpedSecrets(form: String) {
    let line = ForeignText.line("535 \(form) is wrong", hiding: [Secret(">>>???&")])
    #expect(!line.contains("3e3e") && !line.contains("3E3E") && !line.contains("Pj4") && !line.contains("u003e"))
    #expect(line.hasPrefix("535 ‹secret›") && line.hasSuffix(" is wrong"))
  }

  @Test(
    "hides a secret that is repeated in another case, or as an address is read",
    arguments: [
      "Hook-7/Qx%2BzY%3d+Key", "HOOK-7/QX%2BZY%3D+KEY", "hook-7/qx%2bzy%3d+key", "Hook-7/Qx+zY=+Key",
      "Hook-7/Qx+zY= Key",
      "hook-7/qx+zy= key", "Hook-7%2FQx%2BzY%3D%20Key", Data("Hook-7/Qx+zY=+Key".utf8).base64EncodedString(),
    ])
  func readSecrets(form: String) {
    let line = ForeignText.line("no hook \(form) here", hiding: [Secret("Hook-7/Qx%2BzY%3d+Key")])
    #expect(line == "no hook ‹secret› here")
  }

  @Test("hides a short secret where it stands alone, and leaves words as they are")
  func shortSecrets() {
    #expect(ForeignText.line("a bad answer: \"a\"", hiding: [Secret("a")]) == "‹secret› bad answer: \"‹secret›\"")
    #expect(ForeignText.line("pins and pin", hiding: [Secret("pin")]) == "pins and ‹secret›")
  }

  @Test("with bytes that are not UTF-8 is still one line")
  func bytes() {
    #expect(ForeignText.line([0x61, 0xFF, 0x0A, 0x62]) == "a\u{FFFD} b")
  }
}
