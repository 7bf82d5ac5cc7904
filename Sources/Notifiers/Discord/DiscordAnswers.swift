import QuotaCore

extension DiscordNotifier {
  /// docs.discord.com/developers/topics/opcodes-and-status-codes (the JSON error codes) and .../topics/rate-limits: whoever
  /// goes on posting to a webhook that answers 401, 403 or 404 is restricted.
  static let answers = AnswerTable(
    "Discord",
    success: .init("nothing (204)") { $0.text.isEmpty || $0.json?["id"]?.string != nil },
    pause: .seconds(2), retryAfter: retryAfter,
    [
      // Cloudflare's refusals, of an address that has sent too much.
      .init([403, 429], words: ["40333", "1015"], .passes, "Discord refuses this machine's address for a while"),
      .init(
        [404], .channel, "the webhook was deleted in Discord: make a new one and put its address into {url}"),
      .init(
        [400], words: ["10015", "10003", "10004"], .channel,
        "the webhook or its channel was deleted in Discord: make a new one and put its address into {url}"),
      .init(
        [401], .channel, "the webhook's address is not complete or was replaced: copy it from Discord into {url} again"),
      .init(
        [403], .channel,
        "Discord does not let this webhook post: look at the channel, or make a webhook elsewhere for {url}"),
      .init(
        [400], words: ["220001", "220003"], .channel,
        "the channel is a forum, in which webhooks cannot just post: make a webhook for a text channel for {url}"),
      .init(
        [400], .message,
        "Discord cannot take this message: if a template made it, look at it with `quotawatch notify preview`"),
      .init([413], .message, "the message is too large for Discord"),
      .init([410], .channel, "the webhook is gone: make a new one and put its address into {url}"),
    ])

  /// `{"retry_after": 1.337}`, in seconds, and the same of the bucket in a header (docs.discord.com, "Rate Limits").
  @Sendable private static func retryAfter(_ answer: ServiceAnswer) -> TimeSpan? {
    guard answer.status == 429 else { return nil }
    return RetryAfter.parse(answer.json?["retry_after"], longest: DeliverySchedule.longestRetryAfter)
  }
}
