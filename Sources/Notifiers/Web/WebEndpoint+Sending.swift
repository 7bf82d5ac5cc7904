import FoundationEssentials
package import QuotaCore

extension WebEndpoint {
  /// How long one attempt may take, as the Standard Webhooks specification advises.
  private static let timeout = TimeSpan.seconds(15)
  /// In bytes: no service says more that matters.
  private static let largestAnswer = 64 * 1_024

  /// Posts a JSON body once and says what became of it.
  ///
  /// - Parameters:
  ///   - answers: what the service's answers mean.
  ///   - origins: where the settings come from that these speak of, by name.
  func send(
    _ post: WebPost, over http: any HTTPTransport, now: Date, answers: AnswerTable, origins: [String: String]
  ) async -> SendOutcome {
    let secrets = post.hidden + hiddenParts(of: post.address)
    var request = TransportRequest(
      .post, url: post.address, headers: [TransportRequest.Header("Content-Type", "application/json")] + post.headers,
      body: post.body, timeout: Self.timeout, maximumAnswerSize: Self.largestAnswer, caFile: caFile,
      allowsPlainHTTP: allowsPlainHTTP)
    request.partialAnswer = answers.success == nil ? .suffices : .cuts
    do throws(TransportError) {
      let response = try await http.send(request)
      return answers.outcome(of: response, now: now, hiding: secrets, origins: origins)
    } catch {
      let reason = ForeignText.line(error.message, hiding: secrets)
      return error.mayHaveArrived ? .unknown(reason: reason) : .retryable(reason: reason)
    }
  }

  /// Asks for the root of the address's host, which holds no secret and triggers nothing: any answer at all proves name,
  /// connection and certificate.
  package func probe(_ address: Secret, over http: any HTTPTransport) async -> SendOutcome {
    let text = address.reveal()
    guard let scheme = text.firstRange(of: "://") else { return .channelDead(reason: "the address is malformed") }
    let origin = text[..<scheme.upperBound] + text[scheme.upperBound...].prefix { !"/?#".contains($0) }
    let request = TransportRequest(
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
