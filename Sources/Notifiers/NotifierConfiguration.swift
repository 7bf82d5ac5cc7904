package import QuotaCore

/// One member of `notifiers`. A new channel is a folder beside this file, a case here, and a line in each switch below.
package enum NotifierConfiguration: Hashable, Sendable {
  case slack(SlackConfiguration)
  case webhook(WebhookConfiguration)
  case email(EmailConfiguration)

  /// The channels by the word that a configuration uses for `type`.
  package enum Kind: String, CaseIterable, Sendable {
    case slack
    case webhook
    case email
  }

  package var kind: Kind {
    switch self {
    case .slack: .slack
    case .webhook: .webhook
    case .email: .email
    }
  }

  /// Decodes a channel's settings; nil after reporting what is wrong with them.
  package init?(from node: ConfigurationNode) {
    let decoded = node.object { object -> NotifierConfiguration? in
      guard let kind = object.required("type")?.choice(of: Kind.self) else {
        object.expectEverything()
        return nil
      }
      switch kind {
      case .slack: return SlackConfiguration(from: &object).map(Self.slack)
      case .webhook: return WebhookConfiguration(from: &object).map(Self.webhook)
      case .email: return EmailConfiguration(from: &object).map(Self.email)
      }
    }
    guard let decoded else { return nil }
    self = decoded
  }

  /// Every secret that the channel uses.
  package var secrets: [SecretReference] {
    switch self {
    case .slack(let settings): settings.secrets
    case .webhook(let settings): settings.secrets
    case .email(let settings): settings.secrets
    }
  }

  /// The same settings with relative `ca_file` paths taken as relative to a directory. Secrets are left alone: their
  /// source resolves them.
  package func resolvingPaths(in directory: String) -> NotifierConfiguration {
    switch self {
    case .slack(let settings): .slack(settings.resolvingPaths(in: directory))
    case .webhook(let settings): .webhook(settings.resolvingPaths(in: directory))
    case .email(let settings): .email(settings.resolvingPaths(in: directory))
    }
  }

  /// What keeps the channel from sending, found by fetching its secrets and looking at them; nil if nothing does.
  /// One line that names a source and a remedy, never a secret. Nothing is sent.
  package func problem(fetching secrets: any SecretSource) async -> String? {
    do throws(SecretError) {
      switch self {
      case .slack(let settings): _ = try await settings.endpoint.address(from: secrets)
      case .webhook(let settings): _ = try await settings.resolved(from: secrets)
      case .email(let settings): _ = try await settings.server(from: secrets)
      }
      return nil
    } catch {
      return error.message
    }
  }

  /// The channel, ready to compose and send.
  package func notifier(
    id: NotifierID, http: any HTTPTransport, mail: any MailTransport, secrets: any SecretSource
  ) -> any Notifier {
    switch self {
    case .slack(let settings): SlackNotifier(id: id, settings: settings, http: http, secrets: secrets)
    case .webhook(let settings): WebhookNotifier(id: id, settings: settings, http: http, secrets: secrets)
    case .email(let settings): EmailNotifier(id: id, settings: settings, mail: mail, secrets: secrets)
    }
  }
}
