import QuotaCore

extension WebhookNotifier {
  /// Standard Webhooks 1.0, "Deliverability": any 2xx is success, whatever the body, and 410 ends the subscription.
  ///
  /// Nothing else is final, not even 401, 403, 404 or 413: what stands in front of a receiver answers so while it is being
  /// repaired or set up anew, and nobody can tell that from a receiver that means it.
  static let answers = AnswerTable(
    "the receiver", success: nil,
    [
      .init(
        [410], .channel, "the receiver does not want these messages any more: look at {url}, or remove the notifier"),
      .init(
        [401, 403], .passes, "the receiver does not accept the signature or a header: look at {secret} and {headers}"),
      .init([404], .passes, "nothing is at this address at present: look at {url}"),
      .init([413], .passes, "the receiver does not take messages of this size: let it take 64 KB at least"),
    ])
}
