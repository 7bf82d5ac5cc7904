import QuotaCore

/// A way to tell somebody, with its settings. A new channel is a folder beside this one, a case here, and a line in each
/// switch below.
package enum Channel: Hashable, Sendable {
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

  /// Decodes the settings that are particular to a channel; nil after reporting what is wrong with them.
  init?(_ kind: Kind, from object: inout ConfigurationObject) {
    let decoded: Channel? =
      switch kind {
      case .slack: SlackConfiguration(from: &object).map(Self.slack)
      case .webhook: WebhookConfiguration(from: &object).map(Self.webhook)
      case .email: EmailConfiguration(from: &object).map(Self.email)
      }
    guard let decoded else { return nil }
    self = decoded
  }

  var settings: any ChannelSettings {
    switch self {
    case .slack(let settings): settings
    case .webhook(let settings): settings
    case .email(let settings): settings
    }
  }

  func resolvingPaths(in directory: String) -> Channel {
    switch self {
    case .slack(let settings): .slack(settings.resolvingPaths(in: directory))
    case .webhook(let settings): .webhook(settings.resolvingPaths(in: directory))
    case .email(let settings): .email(settings.resolvingPaths(in: directory))
    }
  }
}
