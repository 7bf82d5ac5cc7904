import FoundationEssentials
import QuotaCore

/// A channel whose messages are posted to a web service.
protocol WebNotifier: ChannelNotifier {
  var endpoint: WebEndpoint { get }
  var http: any HTTPTransport { get }
  var secrets: any SecretSource { get }

  /// What to post where for a composed message.
  func post(for payload: [UInt8], id: MessageID, now: Date) async throws(SecretError) -> WebPost

  /// How long the service wants to be left alone, if it says so in a body of its own.
  func wish(in response: HTTPResponse) -> TimeSpan?
}

/// A request of a channel, with its secrets.
struct WebPost: Sendable {
  let address: Secret
  let body: [UInt8]
  var headers: [HTTPRequest.Header] = []
  /// What must not be repeated from an answer.
  var hidden: [Secret] = []
}

extension WebNotifier {
  func post(for payload: [UInt8], id: MessageID, now: Date) async throws(SecretError) -> WebPost {
    WebPost(address: try await endpoint.address(from: secrets), body: payload)
  }

  func wish(in response: HTTPResponse) -> TimeSpan? { nil }

  func send(_ payload: [UInt8], id: MessageID, now: Date) async -> SendOutcome {
    do throws(SecretError) {
      let post = try await post(for: payload, id: id, now: now)
      return await endpoint.send(post, over: http, now: now, wish: wish)
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
