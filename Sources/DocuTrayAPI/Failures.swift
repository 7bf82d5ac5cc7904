import FoundationEssentials
import QuotaCore

extension ReadingFailure {
  /// What it means that there is no answer.
  init(_ error: TransportError) {
    let retry: Retry = error.isRetryable ? .possible(notBefore: nil) : .never
    let reason: Reason =
      switch error {
      case .timeout: .timeout
      case .unreachable, .disconnected, .tls, .refused: .unreachable
      case .tooLarge, .protocolViolation: .invalidAnswer
      case .cancelled: .deadline
      }
    self.init(reason, ForeignText.line(error.message), retry: retry)
  }

  /// What an answer other than 200 means.
  init(_ response: TransportResponse, at time: Date, key: Secret) {
    let error = ErrorAnswer(response.body, hiding: key, at: time)
    let said = error.said
    let retryAfter = [RetryAfter.parse(response.header("retry-after"), now: time), error.retryAfter].compactMap { $0 }
      .max()
    switch Obstacle(response, error) {
    case .gateway(let words):
      self.init(.gateway, words)
      return
    case .limit(let words):
      self.init(.limited, words, retry: .possible(notBefore: retryAfter))
      return
    case nil: break
    }
    switch response.status {
    case 401, 403:
      self.init(.keyRejected, "the vendor rejects the key (HTTP \(response.status))\(said)")
    case 429:
      self.init(.rateLimited, "the vendor limits the rate (HTTP 429)\(said)", retry: .possible(notBefore: retryAfter))
    case 408, 425, 500...599:
      self.init(
        .serverError, "the vendor has a problem (HTTP \(response.status))\(said)",
        retry: .possible(notBefore: retryAfter))
    case 200...299:
      self.init(.invalidAnswer, "the vendor answers HTTP \(response.status), which is no usage")
    default:
      self.init(.invalidAnswer, "the vendor refuses the request (HTTP \(response.status))\(said)")
    }
  }
}
