/// Why an execution could not be started, or its state not be had.
package struct ExecutionFailure: Error, Hashable, Sendable {
  package enum Reason: String, Hashable, CaseIterable, Sendable {
    /// 400.
    case invalidRequest = "invalid_request"
    /// 401.
    case keyRejected = "key_rejected"
    /// 403: the execution or the step belongs to another organization.
    case accessDenied = "access_denied"
    /// 404.
    case notFound = "not_found"
    /// 408: the vendor could not download the document's URL in time.
    case downloadTimeout = "download_timeout"
    /// 413.
    case tooLarge = "too_large"
    /// 415.
    case unsupportedType = "unsupported_type"
    /// 429.
    case rateLimited = "rate_limited"
    /// 5xx.
    case serverError = "server_error"
    /// No connection: nothing has reached the vendor.
    case unreachable
    case timeout
    /// The connection ended after the document was (partly) sent: the vendor may have taken it or not.
    case outcomeUnknown = "outcome_unknown"
    /// Something else answers instead of the vendor: a proxy, a firewall, a login page.
    case gateway
    /// An answer that is not what the vendor documents.
    case invalidAnswer = "invalid_answer"
    /// The key could not be had.
    case keyUnavailable = "key_unavailable"
    /// The command's time was over, or it was interrupted.
    case deadline
  }

  package let reason: Reason
  /// One line that says what happened; never holds a secret or anything of a document.
  package let message: String
  package let retry: ReadingFailure.Retry

  package init(_ reason: Reason, _ message: String, retry: ReadingFailure.Retry = .never) {
    self.reason = reason
    self.message = message
    self.retry = retry
  }
}
