import QuotaCore

/// Settings of a Mattermost incoming webhook: `url` (a secret), `allow_http`, `ca_file`.
struct MattermostChannel: EndpointChannel {
  let endpoint: WebEndpoint

  static let type = ChannelType.mattermost
  static let summary = "A Mattermost incoming webhook."

  static let templateFields = [
    TemplateField("title", \.title, .mattermost), TemplateField("text", \.text, .mattermost),
  ]

  func notifier(id: NotifierID, by means: Means) -> any ChannelNotifier {
    MattermostNotifier(id: id, endpoint: endpoint, http: means.http, secrets: means.secrets)
  }
}

extension TextFormat {
  static let mattermost = TextFormat({ MattermostMessage.escaped($0) }, literal: Markdown.address)
}
