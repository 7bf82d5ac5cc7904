import QuotaCore

extension TeamsNotifier {
  /// Workflows answer 202 (learn.microsoft.com/azure/logic-apps, "request trigger"), and errors as `{"error": {"code": …}}`.
  /// Connectors answer `1`, and say what failed within a 200
  /// (learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using, "Rate limiting").
  static let answers = AnswerTable(
    "Teams", success: .init("nothing (202)", isUsual: { $0.text.isEmpty || $0.text == "1" }, refusal: refusal),
    pause: .minutes(1),
    [
      .init(
        [400, 404], words: ["WorkflowNotFound"], .channel,
        "the workflow was deleted: make a new one in Teams and put its address into {url}"),
      .init(
        [400, 403, 404], words: ["WorkflowTriggerIsNotEnabled", "is not enabled", "disabled", "suspended"], .channel,
        "the workflow is switched off: switch it on in Teams (Workflows), or put the address of another into {url}"),
      .init(
        [401, 403], .channel,
        "the workflow does not take this address: copy it from the workflow into {url} again, with its signature"),
      .init(
        [404, 410], .channel,
        "the workflow or webhook does not exist any more: make a new one and put its address into {url}"),
      .init(
        [400], words: ["configuration not found", "webhook not found", "InvalidWebhookUrl"], .channel,
        "the webhook was removed in Teams: make a workflow and put its address into {url}"),
      .init(
        [400], .message,
        "Teams cannot take this card: if a template made it, look at it with `quotawatch notify preview`"),
      .init([413], .message, "the card is too large for Teams (28 KB)"),
    ])

  /// The status that a text within a success speaks of, as in "Webhook message delivery failed with error: Microsoft Teams
  /// endpoint returned HTTP error 429 with ContextId …".
  @Sendable private static func refusal(_ answer: ServiceAnswer) -> Int?? {
    let text = answer.text.lowercased()
    if let code = text.firstMatch(of: /http error ([45][0-9][0-9])/)?.output.1 { return .some(Int(code)) }
    if answer.json != nil { return nil }
    let words = ["delivery failed", "bad payload", "is required", "not found", "invalid", "error:", "unauthorized"]
    return words.contains { text.contains($0) } ? .some(400) : nil
  }
}
