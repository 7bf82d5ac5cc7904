import FoundationEssentials
import QuotaCore

/// A channel whose messages are posted to a web service.
protocol WebNotifier: ChannelNotifier {
  var endpoint: WebEndpoint { get }
  var http: any HTTPTransport { get }
  var secrets: any SecretSource { get }

  /// What to post where for a composed message.
  func post(for payload: [UInt8], id: MessageID, now: Date) async throws(SecretError) -> WebPost

  /// What the service's answers mean.
  static var answers: AnswerTable { get }

  /// The secrets that ``answers`` speak of besides the address, by the setting's name.
  var keys: [String: SecretReference] { get }
}

/// A request of a channel, with its secrets.
struct WebPost: Sendable {
  let address: Secret
  let body: [UInt8]
  var headers: [TransportRequest.Header] = []
  /// What must not be repeated from an answer.
  var hidden: [Secret] = []
}

extension WebNotifier {
  func post(for payload: [UInt8], id: MessageID, now: Date) async throws(SecretError) -> WebPost {
    WebPost(address: try await endpoint.address(from: secrets), body: payload)
  }

  var keys: [String: SecretReference] { [:] }

  /// Where the settings come from that ``answers`` speak of, by name.
  var origins: [String: String] {
    var origins = keys.mapValues(\.source)
    if let address = endpoint.secrets.first { origins["url"] = address.source }
    return origins
  }

  func send(_ payload: [UInt8], id: MessageID, now: Date) async -> SendOutcome {
    do throws(SecretError) {
      let post = try await post(for: payload, id: id, now: now)
      return await endpoint.send(post, over: http, now: now, answers: Self.answers, origins: origins)
    } catch {
      return .retryable(reason: error.message)
    }
  }

  func probe() async -> SendOutcome {
    do throws(SecretError) {
      return await endpoint.probe(try await endpoint.address(from: secrets), over: http)
    } catch {
      return .retryable(reason: error.message)
    }
  }
}
