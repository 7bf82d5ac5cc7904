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

  /// - Parameters:
  ///   - baseURL: such as `https://app.docutray.com`; a slash at its end makes no difference.
  ///   - timeout: how long one request may take.
  ///   - caFile: a file of certificate authorities (PEM) to trust instead of the system's.
  ///   - allowsPlainHTTP: whether `http` is allowed to hosts that are not loopback.
  ///   - now: the wall clock, which stamps readings.
  package init(
    transport: any HTTPTransport, baseURL: String, timeout: TimeSpan = .seconds(30), caFile: String? = nil,
    allowsPlainHTTP: Bool = false, now: @escaping @Sendable () -> Date
  ) {
    self.transport = transport
    self.endpoint = "\(baseURL.trimmingSlashes)/api/usage"
    self.timeout = timeout
    self.caFile = caFile
    self.allowsPlainHTTP = allowsPlainHTTP
    self.now = now
  }

  package func reading(of organization: OrganizationID, month: BillingMonth?, key: Secret) async -> UsageReply {
    let response: TransportResponse
    do throws(TransportError) {
      response = try await transport.send(request(for: month, key: key))
    } catch {
      return UsageReply(.failure(ReadingFailure(error)))
    }
    let time = now().roundedToMilliseconds
    let vendorTime = Self.time(of: response, now: time)
    var skew = ClockSkew()
    if let vendorTime { skew.note(vendorTime: vendorTime, now: time) }
    do throws(ReadingFailure) {
      guard response.status == 200 else { throw ReadingFailure(response, at: time, key: key) }
      let answer = try UsageAnswer(response.body)
      try answer.judge(asked: month, at: [time, vendorTime].compactMap { $0 })
      let reading = Reading(
        organization: organization, month: answer.month, counters: answer.counters, observedAt: time)
      return UsageReply(.success(reading), skew: skew)
    } catch {
      return UsageReply(.failure(error), skew: skew)
    }
  }

  /// Every answer has the time, a refusal as well: so no key is needed.
  package func currentTime() async -> Date? {
    guard let response = try? await transport.send(request(headers: [])) else { return nil }
    return Self.time(of: response, now: now())
  }

  /// The `Date` header of an answer.
  private static func time(of response: TransportResponse, now: Date) -> Date? {
    response.header("date").flatMap { HTTPDate.parse($0, now: now) }
  }

  private func request(for month: BillingMonth?, key: Secret) -> TransportRequest {
    request(
      query: month.map { "?year=\($0.year)&month=\($0.month)" } ?? "",
      headers: [TransportRequest.Header("Authorization", Secret("Bearer \(key.reveal())"))])
  }

  private func request(query: String = "", headers: [TransportRequest.Header]) -> TransportRequest {
    TransportRequest(
      .get, url: Secret(endpoint + query), headers: headers + [TransportRequest.Header("Accept", "application/json")],
      timeout: timeout, caFile: caFile, allowsPlainHTTP: allowsPlainHTTP)
  }
}
