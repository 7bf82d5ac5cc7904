import FoundationEssentials
import QuotaCore

/// Posts messages to a Slack incoming webhook.
struct SlackNotifier: Notifier {
  let id: NotifierID
  let settings: SlackConfiguration
  let http: any HTTPTransport
  let secrets: any SecretSource

  /// Slack takes one message a second to an incoming webhook.
  let pace: TimeInterval = 1
  let groups = true
  let hearsAcknowledgements = false

  func compose(_ message: Message) throws -> [UInt8] {
    try SlackMessage(MessageText(message)).bytes
  }

  func send(_ payload: [UInt8], id: MessageID, now: Date) async -> SendOutcome {
    do throws(SecretError) {
      let address = try await settings.endpoint.address(from: secrets)
      return await settings.endpoint.post(payload, to: address, headers: [], hiding: [], over: http, now: now)
    } catch {
      return .retryable(reason: error.message, notBefore: nil)
    }
  }

  func probe() async -> SendOutcome {
    do throws(SecretError) {
      return await settings.endpoint.probe(try await settings.endpoint.address(from: secrets), over: http)
    } catch {
      return .retryable(reason: error.message, notBefore: nil)
    }
  }
}
