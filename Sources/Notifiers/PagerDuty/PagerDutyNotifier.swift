import FoundationEssentials
import QuotaCore

/// Opens, acknowledges and resolves incidents by PagerDuty's Events API v2
/// (developer.pagerduty.com/docs/events-api-v2/overview).
///
/// The integration key is put in when a message is sent: messages are stored, secrets are not.
struct PagerDutyNotifier: WebNotifier {
  static let channel: any ChannelKind.Type = PagerDutyChannel.self
  let id: NotifierID
  let settings: PagerDutyChannel
  let http: any HTTPTransport
  let secrets: any SecretSource

  /// An integration key takes about 120 events a minute (developer.pagerduty.com/docs/events-api-v2/rate-limits).
  let pace: TimeInterval = 0.5

  var endpoint: WebEndpoint { settings.endpoint }
  var keys: [String: SecretReference] { ["routing_key": settings.routingKey] }

  func compose(_ message: Message, with texts: Texts) throws -> [UInt8] {
    guard case .event(let event) = message else { throw GroupRefused(notifier: id) }
    try Fit.check(texts.title, "title", atMost: PagerDutyEvent.longestSummary, unit: \.unicodeScalars.count)
    return try MessageJSON.bytes(PagerDutyEvent(event, texts))
  }

  func post(for payload: [UInt8], id: MessageID, now: Date) async throws(SecretError) -> WebPost {
    let address = try await endpoint.address(from: secrets)
    let key = try await settings.key(fetching: secrets)
    return WebPost(
      address: address, body: MessageJSON.adding("routing_key", key.reveal(), to: payload), hidden: [key])
  }
}
