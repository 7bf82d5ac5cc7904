import QuotaCore

/// Settings of a webhook of a Microsoft Teams workflow: `url` (a secret), `allow_http`, `ca_file`.
struct TeamsChannel: EndpointChannel {
  let endpoint: WebEndpoint

  static let type = ChannelType.teams
  static let summary = "A webhook of a Microsoft Teams workflow."

  static let templateFields = [
    TemplateField("title", \.title, .plain), TemplateField("text", \.text, .teams),
  ]

  func notifier(id: NotifierID, by means: Means) -> any ChannelNotifier {
    TeamsNotifier(id: id, endpoint: endpoint, http: means.http, secrets: means.secrets)
  }
}

extension TextFormat {
  static let teams = TextFormat({ TeamsElement.escaped($0) }, literal: Markdown.address)
}
