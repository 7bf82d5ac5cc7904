import FoundationEssentials
import QuotaCore

extension ExecutionFailure {
  /// What it means that there is no answer to a question, which may be asked again.
  init(asking error: TransportError) {
    let reason: Reason =
      switch error {
      case .timeout: .timeout
      case .unreachable, .disconnected, .tls, .refused: .unreachable
      case .tooLarge, .protocolViolation: .invalidAnswer
      case .cancelled: .deadline
      }
    self.init(reason, ForeignText.line(error.message), retry: error.isRetryable ? .possible(notBefore: nil) : .never)
  }

  /// What it means that there is no answer to a document, of which nobody knows whether the vendor has it.
  init(sending error: TransportError) {
    switch error {
    case .unreachable, .tls: self.init(.unreachable, ForeignText.line(error.message), retry: .possible(notBefore: nil))
    case .refused: self.init(.invalidRequest, ForeignText.line(error.message))
    case .disconnected, .timeout, .tooLarge, .protocolViolation, .cancelled:
      self.init(
        .outcomeUnknown,
        ForeignText.line(error.message) + ": the vendor may have taken the document; look there before sending it again"
      )
    }
  }

  /// What an answer that is no success means.
  init(_ response: TransportResponse, at time: Date, key: Secret) {
    let error = ErrorAnswer(response.body, hiding: key, at: time)
    let said = error.said
    let retryAfter = [
      RetryAfter.parse(response.header("retry-after"), now: time, longest: .days(1)), error.longRetryAfter,
    ]
    .compactMap { $0 }.max()
    switch Obstacle(response, error) {
    case .gateway(let words):
      self.init(.gateway, words)
      return
    case .limit(let words):
      self.init(.rateLimited, words, retry: .possible(notBefore: retryAfter))
      return
    case nil: break
    }
    switch response.status {
    case 400: self.init(.invalidRequest, "the vendor finds the request invalid (HTTP 400)\(said)")
    case 401: self.init(.keyRejected, "the vendor rejects the key (HTTP 401)\(said)")
    case 403: self.init(.accessDenied, "the key's organization has no access to it (HTTP 403)\(said)")
    case 404: self.init(.notFound, "the vendor does not know it (HTTP 404)\(said)")
    case 408:
      self.init(.downloadTimeout, "the vendor could not download the document in time (HTTP 408)\(said)")
    case 413: self.init(.tooLarge, "the document is too large for the vendor (HTTP 413)\(said)")
    case 415: self.init(.unsupportedType, "the vendor does not take this type of document (HTTP 415)\(said)")
    case 429: self.init(rateLimit: error, said, retryAfter)
    case 500...599:
      self.init(
        .serverError, "the vendor has a problem (HTTP \(response.status))\(said)",
        retry: .possible(notBefore: retryAfter))
    case 200...299: self.init(.invalidAnswer, "the vendor answers HTTP \(response.status), which is not documented")
    default: self.init(.invalidAnswer, "the vendor refuses the request (HTTP \(response.status))\(said)")
    }
  }

  private init(rateLimit error: ErrorAnswer, _ said: String, _ retryAfter: TimeSpan?) {
    let limit = error.limitType.map { " per \($0)" } ?? ""
    let wait = retryAfter.map { ", which is over in \($0)" } ?? ""
    self.init(
      .rateLimited, "the vendor's limit\(limit) is used up (HTTP 429)\(wait)\(said)",
      retry: .possible(notBefore: retryAfter))
  }
}
