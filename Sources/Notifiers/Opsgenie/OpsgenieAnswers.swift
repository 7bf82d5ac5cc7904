import QuotaCore

extension OpsgenieNotifier {
  /// docs.opsgenie.com/docs/response, "Response Codes", and docs.opsgenie.com/docs/api-rate-limiting.
  ///
  /// 422 means that Opsgenie reads the request but cannot work with it. A body that names a part of the alert is about the
  /// message; everything else is taken to be about the key, whose form is refused with 422, too.
  static let answers = AnswerTable(
    "Opsgenie",
    success: .init(
      "\"Request will be processed\"", isUsual: { $0.json?["result"]?.string == "Request will be processed" },
      refusal: refusal),
    pause: .minutes(1), retryAfter: retryAfter,
    [
      .init(
        [401], .channel,
        "Opsgenie does not know this key, or its integration is switched off: put the key of an API integration into {api_key}"
      ),
      .init([402], .channel, "the account's plan does not include this: look at the subscription"),
      .init(
        [403], .channel, "the key may not create alerts: allow it in the integration, or put another into {api_key}"),
      .init(
        [404, 405, 410], .channel,
        "the Alert API is not at this address: look at {url} (accounts in the EU use https://api.eu.opsgenie.com)"),
      .init(
        [422],
        words: ["message", "alias", "description", "priority", "tags", "details", "note", "not processable", "longer"],
        .message, "Opsgenie cannot take this alert: if a template made it, look at it with `quotawatch notify preview`"),
      .init([422], .channel, "Opsgenie refuses the key: put the key of an API integration into {api_key}"),
      .init([400, 413], .message, "Opsgenie cannot read this alert: if a template made it, look at it"),
    ])

  /// The form of an error: a `message` without a `result`. One that speaks of a limit passes.
  @Sendable private static func refusal(_ answer: ServiceAnswer) -> Int?? {
    guard let json = answer.json, json["result"] == nil, json["message"]?.string != nil else { return nil }
    return .some(answer.holds(["42900", "too many requests", "throttled", "rate limit"]) ? 429 : 422)
  }

  /// The period for which the limit counts, in seconds.
  @Sendable private static func retryAfter(_ answer: ServiceAnswer) -> TimeSpan? {
    guard answer.status == 429, let seconds = answer.response.header("x-ratelimit-period-in-sec") else { return nil }
    return RetryAfter.parse(JSONNode(.string(seconds), offset: 0), longest: DeliverySchedule.longestRetryAfter)
  }
}
