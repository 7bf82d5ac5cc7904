import Foundation
@testable import Notifiers
import QuotaCore
import TestSupport
import Testing

@Suite("Messages to chats")
struct ChatMessageTests {
  private func json(_ service: TestedService, _ message: Message) throws -> JSONNode {
    try JSONParser.parse(
      try service.notifier(at: "https://example.com", over: FakeHTTPTransport(status: 200)).compose(message))
  }

  @Test("Telegram gets a line for everything")
  func telegram() throws {
    #expect(
      try json(.telegram, .event(.threshold()))["text"]?.string == """
        <b>🟠 Acme Corp: 82 % of pages used (2026-11)</b>
        <code>████████████████░░░░</code>
        <b>Used</b>: 8,200 of 10,000 pages
        <b>Crossed</b>: 80 %
        <b>When</b>: between 2026-11-23 12:00 UTC and 2026-11-23 12:15 UTC
        <b>Month</b>: 7 days left
        <b>Rule</b>: pages-quota (threshold, warning)
        <i>quotawatch</i> · <code>pages-quota/acme/2026-11/pages/80%/firing/1</code>
        """)
  }

  @Test("ntfy gets a title, a priority and a picture")
  func ntfy() throws {
    let message = try json(.ntfy, .event(.threshold(severity: .critical)))
    #expect(message["title"]?.string == "Acme Corp: 82 % of pages used (2026-11)")
    #expect(message["priority"]?.integer == 5)
    #expect(message["tags"]?.items.map(\.string) == ["red_circle"])
    #expect(message["topic"] == nil)
    #expect(
      message["message"]?.string?.hasPrefix(
        "████████░░\nUsed: 8,200 of 10,000 pages\n") == true)
  }

  @Test("Discord gets an embed")
  func discord() throws {
    let embed = try json(.discord, .event(.threshold()))["embeds"]?.items.first
    #expect(embed?["title"]?.string == "🟠 Acme Corp: 82 % of pages used \\(2026\\-11\\)")
    #expect(embed?["color"]?.integer == 0xBC_4C_00)
    #expect(
      embed?["fields"]?.items.map { $0["name"]?.string } == ["Used", "Crossed", "When", "Month", "Rule"])
  }

  @Test("Mattermost gets an attachment")
  func mattermost() throws {
    let attachment = try json(.mattermost, .event(.threshold(.resolved)))["attachments"]?.items.first
    #expect(attachment?["color"]?.string == "#1a7f37")
    #expect(attachment?["title"]?.string?.hasPrefix("✅ Resolved") == true)
  }

  @Test("Teams gets a card with the rows of a group")
  func teams() throws {
    let card = try json(.teams, Groups.message())["attachments"]?.items.first?["content"]
    let runs = card?["body"]?.items.flatMap { $0["inlines"]?.items ?? [] }.compactMap { $0["text"]?.string }
    #expect(runs?.first == "🔴 3 alerts: 1 critical, 1 warning, 1 resolved")
    #expect(runs?.contains("1. 🔴 Globex: 104 % of pages used (2026-11), 10,400 of 10,000 pages") == true)
  }

  @Test(
    "mean what they say in Markdown",
    arguments: [
      ("*bold* _it_ ~s~ `c`", "\\*bold\\* \\_it\\_ \\~\u{200B}s\\~ \\`c\\`"), ("@channel", "@\u{200B}channel"),
      ("[a](https://b)", "\\[a\\]\\(https:\u{200B}//\u{200B}b\\)"), ("<@1>", "<\u{200B}@\u{200B}1\\>"),
      (":smile:", ":\u{200B}smile:"), ("www.evil.example", "www.\u{200B}evil.\u{200B}example"), ("a\\*b", "a\\\\\\*b"),
      ("1. l", "1\\. l"), ("&lt;", "&\u{200B}lt;"), ("#tag", "\\#\u{200B}tag"),
      (
        "+49 30 1234567",
        "\\+\u{200B}4\u{200B}9 \u{200B}3\u{200B}0 \u{200B}1\u{200B}2\u{200B}3\u{200B}4\u{200B}5\u{200B}6\u{200B}7"
      ),
    ])
  func markdown(text: String, escaped: String) {
    #expect(Markdown.escaped(text) == escaped)
  }

  @Test("mention nobody and link nowhere in Telegram")
  func telegramEscapes() {
    for text in ["@anna", "www.evil.com", "Booking.com B.V.", "#tag", "/start", "$USD", "4242424242424242"] {
      let parts = TelegramMessage.escaped(text).split(separator: "\u{200B}").map(String.init)
      #expect(parts.count > 1)
      #expect(parts.joined() == text)
    }
    #expect(TelegramMessage.escaped("https://x") == "https:\u{200B}//\u{200B}x")
    #expect(TelegramMessage.escaped("<b> & 12.5 % of 10,000") == "&lt;b&gt; &amp; 12.5 % of 10,000")
  }

  @Test("are nothing that Mattermost takes for a link of Slack, over several lines neither")
  func mattermostEscapes() {
    let escaped = MattermostMessage.escaped("<https://evil.example\n|Invoice> <!channel> R&D *b* www.evil.example")
    #expect(!escaped.contains("<"))
    #expect(!escaped.contains("www.evil"))
    #expect(escaped.hasPrefix("&lt;\u{200B}https:\u{200B}//\u{200B}evil.\u{200B}example"))
    #expect(escaped.contains("R&amp;D \\*b\\*"))
  }

  @Test(
    "are literal in every Markdown that Teams reads cards with",
    arguments: [
      ("**x**", "\u{200B}∗∗x∗∗"),
      ("__x__", "\u{200B}ˍˍxˍˍ"), ("a_b", "a_b"),
      ("a [b](c)", "a [\u{200B}b]\u{200B}(\u{200B}c)\u{200B}"), ("1. l", "\u{200B}1. l"), ("- l", "\u{200B}- l"),
      ("`x` ~~y~~", "\u{200B}ˋxˋ ∼\u{200B}∼\u{200B}y∼\u{200B}∼"),
      ("{{DATE(x)}}", "\u{200B}{\u{200B}{\u{200B}DATE(\u{200B}x)\u{200B}}}"),
      ("Acme Corp", "Acme Corp"),
    ])
  func teamsEscapes(text: String, escaped: String) {
    #expect(TeamsElement.escaped(text) == escaped)
  }

  @Test("are literal in a card's fallback and facts, and in Discord's title")
  func literals() throws {
    var event = Event.threshold()
    event.organizationName = "{{DATE(2026-01-01)}} *Acme*"
    let card = try json(.teams, .event(event))["attachments"]?.items.first?["content"]
    #expect(card?["fallbackText"]?.string?.contains("{{DATE") == false)
    let title = try json(.discord, .event(event))["embeds"]?.items.first?["title"]?.string
    #expect(title?.contains("\\*Acme\\*") == true)
  }

  @Test("are cut where the service would refuse them, never inside of an escape", arguments: [1, 2, 5, 10, 100])
  func clipped(limit: Int) {
    let text = Clipped.text(
      String(repeating: "&", count: 40), to: limit, length: \.utf16.count, write: \.escapedForHTML)
    #expect(text.utf16.count <= limit)
    #expect(text.hasSuffix("…"))
    #expect(text.dropLast().replacing("&amp;", with: "").isEmpty)
  }
}
