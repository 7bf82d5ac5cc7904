import QuotaCore

extension SlackNotifier {
  /// docs.slack.dev/messaging/sending-messages-using-incoming-webhooks, "Handling errors"; `ok: false` is how the Web API
  /// refuses (docs.slack.dev/apis/web-api/using-the-slack-web-api).
  static let answers = AnswerTable(
    "Slack", success: .init("\"ok\"") { $0.text == "ok" },
    [
      .init(
        [400, 403, 404, 410], words: ["no_service", "no_service_id", "no_active_hooks", "invalid_token"], .channel,
        "the webhook was removed or switched off in Slack: make a new one and put its address into {url}"),
      .init(
        [400, 404], words: ["channel_not_found", "user_not_found"], .channel,
        "the webhook's channel does not exist any more: make a webhook for another one and put its address into {url}"),
      .init(
        [404, 410], words: ["channel_is_archived", "is_archived"], .channel,
        "the channel is archived: bring it back in Slack, or put the address of another channel's webhook into {url}"),
      .init(
        [403, 404], words: ["no_team", "team_disabled"], .channel,
        "the workspace does not exist any more or is switched off: put the address of a webhook elsewhere into {url}"),
      .init(
        [403],
        words: ["action_prohibited", "posting_to_general_channel_denied", "restricted_action", "ekm_access_denied"],
        .channel, "an administrator does not allow this webhook to post: ask for permission, or use another channel"),
      .init([410], .channel, "the webhook is gone: make a new one and put its address into {url}"),
      .init(
        [400],
        words: [
          "invalid_payload", "no_text", "too_many_attachments", "invalid_blocks", "invalid_blocks_format",
          "invalid_attachments", "msg_too_long", "msg_blocks_too_long",
        ],
        .message, "Slack cannot read this message: if a template made it, look at it with `quotawatch notify preview`"),
      .init([413], .message, "the message is too large for Slack"),
      .init([429, 503], words: ["rate_limited", "ratelimited"], .passes),
      .init([500], words: ["rollup_error"], .passes),
    ])
}
