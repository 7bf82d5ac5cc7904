import QuotaCore

extension MattermostNotifier {
  /// developers.mattermost.com/integrate/webhooks/incoming; the ids of errors are those of the server's source
  /// (github.com/mattermost/mattermost, server/channels/app/webhook.go).
  static let answers = AnswerTable(
    "Mattermost", success: .init("\"ok\"") { $0.text == "ok" }, retryAfter: retryAfter,
    [
      .init(
        [400, 404], words: ["web.incoming_webhook.invalid.app_error"], .channel,
        "the webhook was deleted in Mattermost: make a new one and put its address into {url}"),
      .init(
        [501], words: ["web.incoming_webhook.disabled.app_error"], .channel,
        "incoming webhooks are switched off: an administrator allows them in the System Console, under Integrations"),
      .init([501], .channel, "the server does not allow incoming webhooks: ask its administrator"),
      .init(
        [400], words: ["can_not_post_to_deleted"], .channel,
        "the channel is archived: bring it back, or put the address of another channel's webhook into {url}"),
      .init(
        [404], .channel,
        "the webhook or its channel does not exist any more: make a new one and put its address into {url}"),
      .init(
        [401, 403], .channel,
        "the webhook's owner may not post to its channel: restore the rights, or make a new one for {url}"),
      .init(
        [400], .message,
        "Mattermost cannot take this message: if a template made it, look at it with `quotawatch notify preview`"),
      .init([413], .message, "the message is too large for the server"),
      .init([410], .channel, "the webhook is gone: make a new one and put its address into {url}"),
    ])

  /// The seconds until the limit is counted anew
  /// (docs.mattermost.com/administration-guide/configure/rate-limiting-configuration-settings.html).
  @Sendable private static func retryAfter(_ answer: ServiceAnswer) -> TimeSpan? {
    guard answer.status == 429, let seconds = answer.response.header("x-ratelimit-reset") else { return nil }
    return RetryAfter.parse(JSONNode(.string(seconds), offset: 0), longest: DeliverySchedule.longestRetryAfter)
  }
}
