import FoundationEssentials
import QuotaCore

extension WebEndpoint {
  /// How long one attempt may take, as the Standard Webhooks specification advises.
  private static let timeout = TimeSpan.seconds(15)

  /// Posts a JSON body once and says what became of it: any 2xx is success, 410 is final, all else may be retried.
  ///
  /// - Parameter wish: what the service's own body says of a pause; a `Retry-After` header may ask for a longer one.
  func send(
    _ post: WebPost, over http: any HTTPTransport, now: Date, wish: (HTTPResponse) -> TimeSpan?
  ) async -> SendOutcome {
    let secrets = post.hidden
    let request = HTTPRequest(
      .post, url: post.address, headers: [HTTPRequest.Header("Content-Type", "application/json")] + post.headers,
      body: post.body, timeout: Self.timeout, caFile: caFile, allowsPlainHTTP: allowsPlainHTTP)
    do throws(TransportError) {
      let response = try await http.send(request)
      let said = ForeignText.line(response.body, hiding: secrets + hiddenParts(of: post.address))
      let answer = said.isEmpty ? "HTTP \(response.status)" : "HTTP \(response.status): \(said)"
      switch response.status {
      case 200...299: return .delivered(answer: answer)
      case 410: return .channelDead(reason: answer)
      default:
        let header = RetryAfter.parse(
          response.header("retry-after"), now: now, longest: DeliverySchedule.longestWish)
        return .retryable(reason: answer, retryAfter: [header, wish(response)].compactMap { $0 }.max())
      }
    } catch {
      return .retryable(reason: ForeignText.line(error.message, hiding: secrets))
    }
  }

  /// Asks for the root of the address's host, which holds no secret and triggers nothing: any answer at all proves name,
  /// connection and certificate.
  func probe(_ address: Secret, over http: any HTTPTransport) async -> SendOutcome {
    let text = address.reveal()
    guard let scheme = text.firstRange(of: "://") else { return .channelDead(reason: "the address is malformed") }
    let origin = text[..<scheme.upperBound] + text[scheme.upperBound...].prefix { !"/?#".contains($0) }
    let request = HTTPRequest(
      .get, url: Secret(origin + "/"), timeout: Self.timeout, caFile: caFile, allowsPlainHTTP: allowsPlainHTTP)
    do throws(TransportError) {
      let response = try await http.send(request)
      return .delivered(answer: "reachable (HTTP \(response.status) at its root)")
    } catch {
      // An answer too large for us, or in no form that we know, still is an answer.
      if case .tooLarge = error { return .delivered(answer: "reachable") }
      return .retryable(reason: error.message)
    }
  }

  /// A secret address and every part of it that may be the secret itself, since an error page often repeats the path.
  private func hiddenParts(of address: Secret) -> [Secret] {
    guard case .secret = url else { return [] }
    let text = address.reveal()
    let parts = text.split(whereSeparator: { "/?&=#".contains($0) }).dropFirst(2).filter { $0.utf8.count >= 6 }
    return [address] + parts.map { Secret(String($0)) }
  }
}
