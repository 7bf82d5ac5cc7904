import FoundationEssentials
import QuotaCore

/// Creates, acknowledges and closes alerts by Opsgenie's Alert API (docs.opsgenie.com/docs/alert-api), which Jira Service
/// Management has taken over.
struct OpsgenieNotifier: WebNotifier {
  static let channel: any ChannelKind.Type = OpsgenieChannel.self
  let id: NotifierID
  let settings: OpsgenieChannel
  let http: any HTTPTransport
  let secrets: any SecretSource

  /// The limit depends on the account (docs.opsgenie.com/docs/api-rate-limiting); a refusal is answered with 429.
  let pace: TimeInterval = 0.2

  var endpoint: WebEndpoint { settings.endpoint }
  var keys: [String: SecretReference] { ["api_key": settings.apiKey] }

  func compose(_ message: Message, with texts: Texts) throws -> [UInt8] {
    guard case .event(let event) = message else { throw GroupRefused(notifier: id) }
    return try MessageJSON.bytes(OpsgenieRequest(event, texts))
  }

  func send(_ payload: [UInt8], id: MessageID, now: Date) async -> SendOutcome {
    guard let request = try? JSONParser.parse(payload), let path = request["path"]?.string, request["body"] != nil
    else {
      return .rejected(reason: "the stored message is not for Opsgenie; was the notifier's type changed?")
    }
    do throws(SecretError) {
      let root = try await endpoint.address(from: secrets).reveal()
      let key = try await secrets.secret(settings.apiKey)
      let post = WebPost(
        address: Secret("\(root.trimmingSlashes)\(path)"), body: OpsgenieRequest.body(of: payload),
        headers: [TransportRequest.Header("Authorization", Secret("GenieKey \(key.reveal())"))], hidden: [key])
      return await endpoint.send(post, over: http, now: now, answers: Self.answers, origins: origins)
    } catch {
      return .retryable(reason: error.message)
    }
  }
}
