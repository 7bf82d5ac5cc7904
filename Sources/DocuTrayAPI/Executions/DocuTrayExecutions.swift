package import FoundationEssentials
package import QuotaCore

/// Executes steps by `POST /api/steps-async/{stepId}` and asks for the state of executions at the endpoint of their kind.
package struct DocuTrayExecutions: ExecutionSource {
  private let transport: any HTTPTransport
  private let baseURL: String
  private let timeout: TimeSpan
  private let caFile: String?
  private let allowsPlainHTTP: Bool
  private let now: @Sendable () -> Date

  /// A status comes with the document's content, which can be large.
  private static let largestStatus = 64 << 20
  /// The vendor tries for 30 seconds to download a document before it answers.
  private static let downloadTime = TimeSpan.seconds(90)
  /// The slowest line on which a document is sent, in bytes per second.
  private static let slowestUpload: Int64 = 32 << 10

  /// - Parameters:
  ///   - baseURL: such as `https://app.docutray.com`; a slash at its end makes no difference.
  ///   - timeout: how long one request may take, besides the time for sending a document.
  ///   - caFile: a file of certificate authorities (PEM) to trust instead of the system's.
  ///   - allowsPlainHTTP: whether `http` is allowed to hosts that are not loopback.
  ///   - now: the wall clock, which stamps answers.
  package init(
    transport: any HTTPTransport, baseURL: String, timeout: TimeSpan = .seconds(30), caFile: String? = nil,
    allowsPlainHTTP: Bool = false, now: @escaping @Sendable () -> Date
  ) {
    self.transport = transport
    self.baseURL = String(baseURL.trimmingSlashes)
    self.timeout = timeout
    self.caFile = caFile
    self.allowsPlainHTTP = allowsPlainHTTP
    self.now = now
  }

  package func execute(
    _ order: StepOrder, key: Secret, progress: @escaping @Sendable (_ sent: Int64, _ total: Int64) -> Void
  ) async throws(ExecutionFailure) -> ExecutionAnswer {
    var request = request(.post, "/api/steps-async/\(order.step)", key: key)
    switch order.document {
    case .upload(let path, let format):
      request.form = StepForm.form(path: path, format: format, metadata: order.metadata, progress)
    case .base64(let text, let format):
      request.body = StepBody.base64(text, format, order.metadata)
    case .url(let url, let format):
      request.body = StepBody.url(url, format, order.metadata)
    }
    if request.body != nil { request.headers.append(TransportRequest.Header("Content-Type", "application/json")) }
    let sending = TimeSpan.seconds(DocumentFormat.largestSize / Self.slowestUpload)
    request.timeout = .seconds(timeout.seconds + Self.downloadTime.seconds + sending.seconds)
    request.longestSilence = Self.downloadTime
    let response: TransportResponse
    do throws(TransportError) {
      response = try await transport.send(request)
    } catch {
      throw ExecutionFailure(sending: error)
    }
    let time = now().roundedToMilliseconds
    guard response.status == 200 || response.status == 202 else {
      throw ExecutionFailure(response, at: time, key: key)
    }
    do throws(ExecutionFailure) {
      return try ExecutionBody(response.body, hiding: key).answer(asked: nil, at: time)
    } catch {
      throw ExecutionFailure(
        .outcomeUnknown,
        "it is not known whether the vendor has taken the document: \(error.message); look there before sending it "
          + "again"
      )
    }
  }

  package func status(
    of id: ExecutionID, kind: ExecutionKind, key: Secret
  ) async throws(ExecutionFailure) -> ExecutionAnswer {
    var request = request(.get, "\(Self.statusPath(kind))/\(id)", key: key)
    request.maximumAnswerSize = Self.largestStatus
    let response: TransportResponse
    do throws(TransportError) {
      response = try await transport.send(request)
    } catch {
      throw ExecutionFailure(asking: error)
    }
    let time = now().roundedToMilliseconds
    guard response.status == 200 else { throw ExecutionFailure(response, at: time, key: key) }
    return try ExecutionBody(response.body, hiding: key).answer(asked: id, at: time)
  }

  private static func statusPath(_ kind: ExecutionKind) -> String {
    switch kind {
    case .step: "/api/steps-async/status"
    case .conversion: "/api/convert-async/status"
    case .identification: "/api/identify-async/status"
    }
  }

  private func request(_ method: TransportRequest.Method, _ path: String, key: Secret) -> TransportRequest {
    TransportRequest(
      method, url: Secret(baseURL + path),
      headers: [
        TransportRequest.Header("Authorization", Secret("Bearer \(key.reveal())")),
        TransportRequest.Header("Accept", "application/json"),
      ],
      timeout: timeout, caFile: caFile, allowsPlainHTTP: allowsPlainHTTP)
  }
}
