import QuotaCore

extension PagerDutyNotifier {
  /// developer.pagerduty.com/docs/events-api-v2/overview, "Response Codes & Retry Logic", and .../events-api-v2/rate-limits,
  /// which suggests 30 s before the next attempt.
  ///
  /// 400 means that the event is not valid. A body that names a part of the event is about the message; everything else is
  /// taken to be about the key, which is what goes wrong in practice.
  static let answers = AnswerTable(
    "PagerDuty",
    success: .init("\"status\": \"success\"", isUsual: { $0.json?["status"]?.string == "success" }, refusal: refusal),
    pause: .seconds(30),
    [
      .init(
        [400], words: ["routing_key", "routing key", "integration key", "service key"], .channel,
        "PagerDuty does not know this integration key: take it from the service's integration and put it into {routing_key}"
      ),
      .init(
        [400],
        words: [
          "length", "summary", "severity", "source", "dedup_key", "event_action", "timestamp", "custom_details",
          "payload",
          "json", "too large",
        ],
        .message, "PagerDuty cannot take this event: if a template made it, look at it with `quotawatch notify preview`"
      ),
      .init(
        [400], .channel,
        "PagerDuty refuses the events of this integration: compare {routing_key} with the service's integration"),
      .init(
        [401, 403], .channel,
        "PagerDuty does not accept this integration key: put that of the service into {routing_key}"
      ),
      .init(
        [404, 410], .channel, "the Events API is not at this address: look at {url} (accounts in the EU have another)"),
      .init([413], .message, "the event is too large for PagerDuty (512 KB)"),
    ])

  /// Any status word but `success`, such as `invalid event` or `throttle exceeded`.
  @Sendable private static func refusal(_ answer: ServiceAnswer) -> Int?? {
    guard let status = answer.json?["status"]?.string?.lowercased(), status != "success" else { return nil }
    return .some(status.contains("throttle") || status.contains("limit") ? 429 : 400)
  }
}
