@testable import Notifiers
import QuotaCore
import TestSupport
import Testing

@Suite("Every notifier")
struct NotifierTests {
  private static let address = WebEndpoint(url: .secret(.environment("URL")))

  private static let channels: [any ChannelKind] = [
    SlackChannel(endpoint: WebEndpoint(url: .secret(.environment("URL")))),
    WebhookChannel(
      endpoint: WebEndpoint(url: .text("https://hooks.example.com")), signingSecrets: [.environment("SECRET")]),
    EmailChannel(
      url: .text("smtps://mail.example.com"), from: Mailbox(address: "from@example.com"),
      to: [Mailbox(address: "to@example.com")]),
    TeamsChannel(endpoint: address), DiscordChannel(endpoint: address),
    MattermostChannel(endpoint: address),
    PagerDutyChannel(routingKey: .environment("KEY")),
    OpsgenieChannel(apiKey: .environment("KEY")),
    TelegramChannel(token: .environment("TOKEN"), chat: "@example"),
    NtfyChannel(endpoint: address), CommandChannel(["notify"]),
  ]

  static let configurations = channels.map { NotifierConfiguration($0) }

  private func notifier(_ configuration: NotifierConfiguration) -> any Notifier {
    configuration.notifier(
      id: NotifierID("n"), http: FakeHTTPTransport(status: 200), mail: FakeMailTransport(), secrets: FixedSecrets())
  }

  @Test("is among those that are tested here")
  func complete() {
    #expect(Set(Self.configurations.map(\.type)) == Set(ChannelType.allCases))
  }

  @Test("composes the same bytes for the same event", arguments: configurations)
  func deterministic(configuration: NotifierConfiguration) throws {
    for name in Hostile.names {
      for event in [Event.threshold(organizationName: name), .silence(.stale, organizationName: name)] {
        let first = try notifier(configuration).compose(.event(event))
        for _ in 0..<5 { #expect(try notifier(configuration).compose(.event(event)) == first) }
      }
    }
  }

  @Test("marks a test message as one", arguments: configurations)
  func marked(configuration: NotifierConfiguration) throws {
    let event = Event.test(of: NotifierID("n"), now: moment("2026-11-23T12:00"))
    let text = String(decoding: try notifier(configuration).compose(.event(event)), as: UTF8.self)
    #expect(text.contains("Test: ") || text.contains(#""type":"test""#))
    #expect(text.contains("the figures are made up"))
  }

  @Test("carries the id that was given to it", arguments: configurations)
  func identity(configuration: NotifierConfiguration) {
    #expect(notifier(configuration).id == NotifierID("n"))
  }
}
