import QuotaCore

/// Settings of a Slack incoming webhook: `url` (a secret), `allow_http`, `ca_file`.
struct SlackChannel: EndpointChannel {
  let endpoint: WebEndpoint

  static let type = ChannelType.slack
  static let summary = "A Slack incoming webhook."

  static let templateFields = [
    TemplateField("title", \.title, .slack), TemplateField("text", \.text, .slack),
  ]

  func notifier(id: NotifierID, by means: Means) -> any ChannelNotifier {
    SlackNotifier(id: id, endpoint: endpoint, http: means.http, secrets: means.secrets)
  }
}

extension TextFormat {
  /// Slack's own markup.
  static let slack = TextFormat({ SlackText.literal($0) }, literal: { SlackText.escaped($0, limit: .max) })
}
