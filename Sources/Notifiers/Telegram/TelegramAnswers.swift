import QuotaCore

extension TelegramNotifier {
  /// core.telegram.org/bots/api, "Making requests" and "ResponseParameters"; the descriptions are those of the Bot API's
  /// source (github.com/tdlib/telegram-bot-api).
  static let answers = AnswerTable(
    "Telegram",
    success: .init("\"ok\": true", isUsual: { $0.json?["ok"]?.value == .boolean(true) }, refusal: refusal),
    pause: .seconds(30), retryAfter: retryAfter, note: note,
    [
      .init(
        [400, 403],
        words: ["bot was blocked", "bot was kicked", "bot is not a member", "user is deactivated", "can't initiate"],
        .channel,
        "the bot cannot reach the chat any more: add it again or unblock it, or put another chat into {chat_id}"),
      .init(
        [400],
        words: [
          "chat not found", "peer_id_invalid", "chat_id is empty", "group is deactivated", "chat was deactivated",
          "group chat was deleted", "user not found",
        ],
        .channel, "there is no such chat for this bot: add the bot to it, and put the chat's number into {chat_id}"),
      .init(
        [400], words: ["upgraded to a supergroup", "migrated to"], .channel,
        "the group has become a supergroup with a new number: put it into {chat_id}"),
      .init(
        [400],
        words: [
          "not enough rights", "have no rights", "chat_write_forbidden", "chat_restricted", "need administrator",
          "chat_admin_required", "chat_send_plain_forbidden", "user_banned_in_channel",
        ],
        .channel, "the bot may not write in this chat: give it the right to send messages"),
      .init(
        [400], words: ["thread not found", "topic_closed", "topic_deleted", "topic_id_invalid"], .channel,
        "the forum's topic is closed or does not exist any more: put another into {thread_id}"),
      .init([401], .channel, "the bot's token is not valid any more: take it from BotFather and put it into {token}"),
      .init(
        [403], .channel, "the bot may not write to this chat: look at its rights, or put another chat into {chat_id}"),
      .init([404], .channel, "there is no bot with this token: take it from BotFather and put it into {token}"),
      .init(
        [400, 413], .message,
        "Telegram cannot take this message: if a template made it, look at it with `quotawatch notify preview`"),
      .init([410], .channel, "the Bot API is not at this address: look at {url}"),
    ])

  /// `{"ok": false, "error_code": 400, …}`.
  @Sendable private static func refusal(_ answer: ServiceAnswer) -> Int?? {
    guard answer.json?["ok"]?.value == .boolean(false) else { return nil }
    guard case .number(let code)? = answer.json?["error_code"]?.value else { return .some(nil) }
    return .some(Int(code))
  }

  /// `{"parameters": {"retry_after": 35}}`, in seconds (core.telegram.org/bots/api#responseparameters).
  @Sendable private static func retryAfter(_ answer: ServiceAnswer) -> TimeSpan? {
    RetryAfter.parse(answer.json?["parameters"]?["retry_after"], longest: DeliverySchedule.longestRetryAfter)
  }

  /// The new number of a group that has become a supergroup.
  @Sendable private static func note(_ answer: ServiceAnswer) -> String? {
    guard case .number(let id)? = answer.json?["parameters"]?["migrate_to_chat_id"]?.value else { return nil }
    return "its new number is \(id)"
  }
}
