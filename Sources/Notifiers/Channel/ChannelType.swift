/// The channels by the word that a configuration uses for `type`. Nothing else lists them: what a channel is and does stands
/// in its folder.
package enum ChannelType: String, CaseIterable, Sendable {
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

  /// See ``Notifier/groups``.
  package var groups: Bool { kind.groups }

  /// See ``Notifier/sendsAcknowledgements``.
  package var sendsAcknowledgements: Bool { kind.sendsAcknowledgements }

  var kind: any ChannelKind.Type {
    switch self {
    case .slack: SlackChannel.self
    case .webhook: WebhookChannel.self
    case .email: EmailChannel.self
    case .teams: TeamsChannel.self
    case .discord: DiscordChannel.self
    case .mattermost: MattermostChannel.self
    case .pagerduty: PagerDutyChannel.self
    case .opsgenie: OpsgenieChannel.self
    case .telegram: TelegramChannel.self
    case .ntfy: NtfyChannel.self
    case .command: CommandChannel.self
    }
  }
}
