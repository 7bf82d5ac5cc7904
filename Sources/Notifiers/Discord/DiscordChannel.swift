import QuotaCore

/// Settings of a Discord webhook: `url` (a secret), `allow_http`, `ca_file`.
struct DiscordChannel: EndpointChannel {
  let endpoint: WebEndpoint

  static let type = ChannelType.discord
  static let summary = "A Discord webhook."

  static let templateFields = [
    TemplateField("title", \.title, .markdown), TemplateField("text", \.text, .markdown),
  ]

  func notifier(id: NotifierID, by means: Means) -> any ChannelNotifier {
    DiscordNotifier(id: id, endpoint: endpoint, http: means.http, secrets: means.secrets)
  }
}
