package import FoundationEssentials
package import QuotaCore

/// Reads usage from the vendor's `GET /api/usage`.
package struct DocuTrayAPI: UsageSource {
  private let transport: any HTTPTransport
  private let endpoint: String
  private let timeout: TimeSpan
  private let caFile: String?
  private let allowsPlainHTTP: Bool
  private let now: @Sendable () -> Date
  private let billingTimeZone: TimeZone

  /// - Parameters:
  ///   - baseURL: such as `https://app.docutray.com`; a slash at its end makes no difference.
  ///   - timeout: how long one request may take.
  ///   - caFile: a file of certificate authorities (PEM) to trust instead of the system's.
  ///   - allowsPlainHTTP: whether `http` is allowed to hosts that are not loopback.
  ///   - billingTimeZone: where the vendor's months turn.
  ///   - now: the wall clock, which stamps readings.
  package init(
    transport: any HTTPTransport, baseURL: String, timeout: TimeSpan = .seconds(30), caFile: String? = nil,
    allowsPlainHTTP: Bool = false, billingTimeZone: TimeZone, now: @escaping @Sendable () -> Date
  ) {
    self.transport = transport
    self.endpoint = baseURL.reversed().drop { $0 == "/" }.reversed() + "/api/usage"
    self.timeout = timeout
    self.caFile = caFile
    self.allowsPlainHTTP = allowsPlainHTTP
    self.now = now
    self.billingTimeZone = billingTimeZone
  }

  package func reading(
    of organization: OrganizationID, month: BillingMonth?, key: Secret
  ) async throws(ReadingFailure) -> Reading {
    let response: HTTPResponse
    do throws(TransportError) {
      response = try await transport.send(request(for: month, key: key))
    } catch {
      throw ReadingFailure(error)
    }
    let time = now().roundedToMilliseconds
    guard response.status == 200 else { throw ReadingFailure(response, at: time, key: key) }
    let answer = try UsageAnswer(response.body)
    try answer.judge(asked: month, current: BillingMonth(containing: time, in: billingTimeZone))
    return Reading(organization: organization, month: answer.month, counters: answer.counters, observedAt: time)
  }

  private func request(for month: BillingMonth?, key: Secret) -> HTTPRequest {
    let query = month.map { "?year=\($0.year)&month=\($0.month)" } ?? ""
    return HTTPRequest(
      .get, url: Secret(endpoint + query),
      headers: [
        HTTPRequest.Header("Authorization", Secret("Bearer \(key.reveal())")),
        HTTPRequest.Header("Accept", "application/json"),
      ],
      timeout: timeout, caFile: caFile, allowsPlainHTTP: allowsPlainHTTP)
  }
}
