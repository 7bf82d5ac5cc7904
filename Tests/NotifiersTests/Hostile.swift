/// Names that somebody may give an organization to fool a reader, a program or a channel.
enum Hostile {
  static let names = [
    "<!channel> <!here> <@U012AB3CD> <#C012AB3CD> <https://evil.example|click>",
    "*bold* _italic_ ~struck~ `code` ```block```",
    "@channel :rotating_light: https://evil.example",
    "</td></table><script>alert(1)</script><img src=x onerror=alert(1)>",
    "\"quoted\" 'single' & &amp; &lt;",
    "Acme\r\nBcc: victim@example.com\r\n\r\nbody",
    "Acme\u{0}\u{1B}[2J\u{7}",
    "=cmd|'/c calc'!A0", "+1", "-1", "@SUM(A1)",
    "אקמה", "invoice\u{202E}fdp.exe", "\u{2066}x\u{2069}",
    "👩‍👩‍👧‍👦 ☃ ñ", "a" + String(repeating: "\u{301}", count: 5_000), String(repeating: "&", count: 10_000),
    "", " ", "\u{200B}",
  ]
}
