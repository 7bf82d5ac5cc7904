import Notifiers
import QuotaCore
import TestSupport
import Testing

@Suite("Every notifier")
struct NotifierTests {
  private static let address = WebEndpoint(url: .secret(.environment("URL")))

  static let configurations = [
    Channel.slack(SlackConfiguration(endpoint: WebEndpoint(url: .secret(.environment("URL"))))),
    .webhook(
      WebhookConfiguration(
        endpoint: WebEndpoint(url: .text("https://hooks.example.com")), signingSecrets: [.environment("SECRET")])),
    .email(
      EmailConfiguration(
        url: .text("smtps://mail.example.com"), from: Mailbox(address: "from@example.com"),
        to: [Mailbox(address: "to@example.com")])),
    .teams(TeamsConfiguration(endpoint: address)), .discord(DiscordConfiguration(endpoint: address)),
    .mattermost(MattermostConfiguration(endpoint: address)),
    .pagerduty(PagerDutyConfiguration(routingKey: .environment("KEY"))),
    .opsgenie(OpsgenieConfiguration(apiKey: .environment("KEY"))),
    .telegram(TelegramConfiguration(token: .environment("TOKEN"), chat: "@example")),
    .ntfy(NtfyConfiguration(endpoint: address)), .command(CommandChannelConfiguration(["notify"])),
  ].map { NotifierConfiguration($0) }

  private func notifier(_ configuration: NotifierConfiguration) -> any Notifier {
    configuration.notifier(
      id: NotifierID("n"), http: FakeHTTPTransport(status: 200), mail: FakeMailTransport(), secrets: FixedSecrets())
  }

  @Test("is among those that are tested here")
  func complete() {
    #expect(Set(Self.configurations.map(\.kind)) == Set(Channel.Kind.allCases))
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
