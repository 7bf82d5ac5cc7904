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
  case command(CommandChannelConfiguration)

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
      case .command: CommandChannelConfiguration.self
      }
    }

    /// The settings that are particular to the channel.
    var fields: Fields<Channel> {
      switch self {
      case .slack: SlackConfiguration.fields.map(Channel.slack)
      case .webhook: WebhookConfiguration.fields.map(Channel.webhook)
      case .email: EmailConfiguration.fields.map(Channel.email)
      case .teams: TeamsConfiguration.fields.map(Channel.teams)
      case .discord: DiscordConfiguration.fields.map(Channel.discord)
      case .mattermost: MattermostConfiguration.fields.map(Channel.mattermost)
      case .pagerduty: PagerDutyConfiguration.fields.map(Channel.pagerduty)
      case .opsgenie: OpsgenieConfiguration.fields.map(Channel.opsgenie)
      case .telegram: TelegramConfiguration.fields.map(Channel.telegram)
      case .ntfy: NtfyConfiguration.fields.map(Channel.ntfy)
      case .command: CommandChannelConfiguration.fields.map(Channel.command)
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

}
