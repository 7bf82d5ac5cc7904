import QuotaCore

/// What there is to ask the vendor with one organization's key: one request, or several one after the other.
protocol RequestJob: Sendable {
  associatedtype Source: Sendable
  associatedtype Failure: RequestFailure
  associatedtype Outcome: Sendable

  /// The place in the configuration of the organization whose key it is made with.
  var organization: Int { get }
  /// How often the present request was tried and failed.
  var attempts: Int { get set }
  /// What is over when a request comes too late, such as `the run's time`.
  static var time: String { get }

  /// Makes one attempt.
  ///
  /// - Returns: what has come of the job; nil if the answer leaves something else to ask.
  mutating func attempt(
    at source: Source, of organization: ConfiguredOrganization, key: Secret
  ) async throws(Failure) -> Outcome?

  /// What has come of it if it ends with a failure.
  func outcome(of organization: ConfiguredOrganization, after failure: Failure) -> Outcome
}

/// Why a request has failed, as far as it decides about another attempt.
protocol RequestFailure: Error {
  associatedtype Reason: RequestFailureReason
  var reason: Reason { get }
  var message: String { get }
  var retry: ReadingFailure.Retry { get }
  var isRateLimit: Bool { get }

  init(_ reason: Reason, _ message: String, retry: ReadingFailure.Retry)
}

/// What may stand in the way of any request.
protocol RequestFailureReason: Equatable {
  static var deadline: Self { get }
  static var rateLimited: Self { get }
  static var keyUnavailable: Self { get }
}

extension RequestFailure {
  var isRateLimit: Bool { reason == .rateLimited }
}

extension ReadingFailure: RequestFailure {
  var isRateLimit: Bool { reason == .rateLimited || reason == .limited }
}

extension ReadingFailure.Reason: RequestFailureReason {}
extension ExecutionFailure: RequestFailure {}
extension ExecutionFailure.Reason: RequestFailureReason {}
