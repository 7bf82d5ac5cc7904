import QuotaCore

/// A way to tell somebody, with its settings. A new channel is a folder beside this one, a case here, and a line in each
/// switch below.
package enum Channel: Hashable, Sendable {
  case slack(SlackConfiguration)
  case webhook(WebhookConfiguration)
  case email(EmailConfiguration)
  case teams(TeamsConfiguration)
  case discord(DiscordConfiguration)
  case mattermost(MattermostConfiguration)
  case pagerduty(PagerDutyConfiguration)
  case opsgenie(OpsgenieConfiguration)
  case telegram(TelegramConfiguration)
  case ntfy(NtfyConfiguration)
  case command(CommandConfiguration)

  /// The channels by the word that a configuration uses for `type`.
  package enum Kind: String, CaseIterable, Sendable {
    case slack
    case webhook
    case email
    case teams
    case discord
    case mattermost
    case pagerduty
    case opsgenie
    case telegram
    case ntfy
    case command

    /// What is the same for every channel of the kind.
    var settings: any ChannelSettings.Type {
      switch self {
      case .slack: SlackConfiguration.self
      case .webhook: WebhookConfiguration.self
      case .email: EmailConfiguration.self
      case .teams: TeamsConfiguration.self
      case .discord: DiscordConfiguration.self
      case .mattermost: MattermostConfiguration.self
      case .pagerduty: PagerDutyConfiguration.self
      case .opsgenie: OpsgenieConfiguration.self
      case .telegram: TelegramConfiguration.self
      case .ntfy: NtfyConfiguration.self
      case .command: CommandConfiguration.self
      }
    }
  }

  package var kind: Kind {
    switch self {
    case .slack: .slack
    case .webhook: .webhook
    case .email: .email
    case .teams: .teams
    case .discord: .discord
    case .mattermost: .mattermost
    case .pagerduty: .pagerduty
    case .opsgenie: .opsgenie
    case .telegram: .telegram
    case .ntfy: .ntfy
    case .command: .command
    }
  }

  /// Decodes the settings that are particular to a channel; nil after reporting what is wrong with them.
  init?(_ kind: Kind, from object: inout ConfigurationObject) {
    let decoded: Channel? =
      switch kind {
      case .slack: SlackConfiguration(from: &object).map(Self.slack)
      case .webhook: WebhookConfiguration(from: &object).map(Self.webhook)
      case .email: EmailConfiguration(from: &object).map(Self.email)
      case .teams: TeamsConfiguration(from: &object).map(Self.teams)
      case .discord: DiscordConfiguration(from: &object).map(Self.discord)
      case .mattermost: MattermostConfiguration(from: &object).map(Self.mattermost)
      case .pagerduty: PagerDutyConfiguration(from: &object).map(Self.pagerduty)
      case .opsgenie: OpsgenieConfiguration(from: &object).map(Self.opsgenie)
      case .telegram: TelegramConfiguration(from: &object).map(Self.telegram)
      case .ntfy: NtfyConfiguration(from: &object).map(Self.ntfy)
      case .command: CommandConfiguration(from: &object).map(Self.command)
      }
    guard let decoded else { return nil }
    self = decoded
  }

  var settings: any ChannelSettings {
    switch self {
    case .slack(let settings): settings
    case .webhook(let settings): settings
    case .email(let settings): settings
    case .teams(let settings): settings
    case .discord(let settings): settings
    case .mattermost(let settings): settings
    case .pagerduty(let settings): settings
    case .opsgenie(let settings): settings
    case .telegram(let settings): settings
    case .ntfy(let settings): settings
    case .command(let settings): settings
    }
  }

  func resolvingPaths(in directory: String) -> Channel {
    switch self {
    case .slack(let settings): .slack(settings.resolvingPaths(in: directory))
    case .webhook(let settings): .webhook(settings.resolvingPaths(in: directory))
    case .email(let settings): .email(settings.resolvingPaths(in: directory))
    case .teams(let settings): .teams(settings.resolvingPaths(in: directory))
    case .discord(let settings): .discord(settings.resolvingPaths(in: directory))
    case .mattermost(let settings): .mattermost(settings.resolvingPaths(in: directory))
    case .pagerduty(let settings): .pagerduty(settings.resolvingPaths(in: directory))
    case .opsgenie(let settings): .opsgenie(settings.resolvingPaths(in: directory))
    case .telegram(let settings): .telegram(settings.resolvingPaths(in: directory))
    case .ntfy(let settings): .ntfy(settings.resolvingPaths(in: directory))
    case .command(let settings): .command(settings.resolvingPaths(in: directory))
    }
  }
}
