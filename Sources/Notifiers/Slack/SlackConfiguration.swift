import QuotaCore

/// Settings of a Slack incoming webhook: `url` (a secret), `allow_http`, `ca_file`.
package struct SlackConfiguration: EndpointSettings {
  package let endpoint: WebEndpoint

  package init(endpoint: WebEndpoint) {
    self.endpoint = endpoint
  }

  static let summary = "A Slack incoming webhook."

  static let templateFields = [
    TemplateField("title", \.title, .slack), TemplateField("text", \.text, .slack),
  ]

  func notifier(id: NotifierID, by means: Means) -> any ChannelNotifier {
    SlackNotifier(id: id, endpoint: endpoint, http: means.http, secrets: means.secrets)
  }
}
