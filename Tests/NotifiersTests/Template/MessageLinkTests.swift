import FoundationEssentials
@testable import Notifiers
import QuotaCore
import TestSupport
import Testing

@Suite("Where a message leads")
struct MessageLinkTests {
  private static let page = MessageLink.page(at: "https://usage.example.com")

  @Test("is the page of the organization, or the overview for several")
  func pages() {
    #expect(Self.page.address(of: .event(.threshold())) == "https://usage.example.com/organizations/acme")
    #expect(Self.page.address(of: Groups.message()) == "https://usage.example.com/")
    #expect(
      Self.page.address(of: Groups.message([.threshold(), .threshold()], occasion: .digest))
        == "https://usage.example.com/organizations/acme")
  }

  @Test("stays at its host and in its path, whatever a value holds", arguments: Hostile.names)
  func hostile(name: String) {
    let link = MessageLink("https://a.example/?q={{organization_name}}&r={{reason}}")
    let address = link.address(of: .event(.threshold(organizationName: name, reason: name)))
    #expect(address.map { $0.hasPrefix("https://a.example/?q=") && !$0.contains("#") && !$0.contains(" ") } ?? true)
    #expect((address?.count { $0 == "&" } ?? 1) == 1)
  }

  @Test("is in the message of every service", arguments: TestedService.all)
  func channels(service: TestedService) throws {
    for (pages, isThere) in [("https://usage.example.com", true), (nil, false)] {
      let notifier = service.notifier(at: "https://example.com", over: FakeHTTPTransport(status: 200), pages: pages)
      let bytes = try notifier.compose(.event(.threshold()))
      #expect(
        String(decoding: bytes, as: UTF8.self).contains("https://usage.example.com/organizations/acme") == isThere)
    }
  }

  @Test("is a button in a mail")
  func mail() throws {
    var texts = Texts()
    texts.link = "https://usage.example.com/?a=1&b=2"
    let body = try EmailBody(MessageText(.event(.threshold()), texts), from: Mailbox(address: "q@example.com"))
    #expect(body.text.contains("\nShow details: https://usage.example.com/?a=1&b=2\n"))
    #expect(body.html.contains("<a href=\"https://usage.example.com/?a=1&amp;b=2\""))
  }
}
