package import FoundationEssentials
import HTTPTypes
import Hummingbird
package import Logging
import NIOCore
package import QuotaCore

/// Receives the vendor's webhooks at `POST /webhooks/ORGANIZATION`.
///
/// An event is answered with 200 only after it was taken, which means that it is on the disk. What is in a document
/// comes along in the body; it is neither kept nor logged. Who is not known or shows no signature is refused before a byte
/// of the body is read.
package struct WebhookRoutes: ServerRoutes {
  /// Takes one report and returns when it is on the disk, with what it has changed; nil where that is not known yet.
  package typealias Take = @Sendable (ExecutionReport) async throws -> Execution.Change?

  /// What the vendor is asked to wait if an event cannot be taken, in seconds.
  static let retryAfter = 30
  private static let signature = HTTPField.Name("X-Docutray-Signature")

  private let secrets: @Sendable () -> [OrganizationID: Secret]
  private let now: @Sendable () -> Date
  private let logger: Logger
  private let take: Take
  private let bodies: BodyReader

  /// - Parameters:
  ///   - secrets: the endpoint's secret of each organization that webhooks are taken for, at this moment.
  ///   - now: the wall clock.
  package init(
    secrets: @escaping @Sendable () -> [OrganizationID: Secret], now: @escaping @Sendable () -> Date, logger: Logger,
    take: @escaping Take
  ) {
    self.secrets = secrets
    self.now = now
    self.logger = logger
    self.take = take
    bodies = BodyReader()
  }

  package func add(to router: RouterOfServer) {
    router.post("/webhooks/:organization") { request, context in
      await receive(request, for: context.parameters.get("organization") ?? "", context)
    }
  }

  private func receive(_ request: Request, for name: String, _ context: ServerContext) async -> Response {
    let organization = OrganizationID(name)
    let shown = Self.signature.flatMap { request.headers[$0] }
    guard let code = shown.flatMap(WebhookAuthenticity.code), let secret = secrets()[organization] else {
      return refusal(.unauthorized, "the signature is missing or wrong", name).closing(context)
    }
    let body: [UInt8]
    do throws(BodyReader.Refusal) {
      body = try await bodies.body(of: request)
    } catch {
      var response = refusal(error.status, error.message, name)
      if error.status == .serviceUnavailable { response.headers[.retryAfter] = String(Self.retryAfter) }
      return response.closing(context)
    }
    guard WebhookAuthenticity(secret).accepts(body, code: code) else {
      return refusal(.unauthorized, "the signature is missing or wrong", name)
    }
    let event: VendorEvent
    do throws(VendorEvent.Unreadable) {
      event = try VendorEvent(body)
    } catch {
      return refusal(.badRequest, error.message, name)
    }
    return await take(event.report(of: organization, at: now()))
  }

  private func take(_ report: ExecutionReport) async -> Response {
    do {
      let change = try await take(report)
      tell(change, report)
      let isNew =
        switch change {
        case .added, .changed, nil: true
        case .unchanged, .contradicts: false
        }
      return answer(.ok, #"{"ok":true,"new":\#(isNew)}"#)
    } catch {
      let reason = (error as? StoreError)?.message ?? "it could not be stored"
      logger.error(
        "a webhook for \(report.key.organization) was not taken, the vendor is asked to send it again: \(reason)")
      var response = answer(.serviceUnavailable, #"{"error":"try again later"}"#)
      response.headers[.retryAfter] = String(Self.retryAfter)
      return response
    }
  }

  private func tell(_ change: Execution.Change?, _ report: ExecutionReport) {
    switch change {
    case .contradicts(let ends): logger.warning("\(ends.words(of: report.key))")
    case .unchanged: logger.info("\(report.key): \(report.status.rawValue) (known already)")
    case .added, .changed, nil: logger.info("\(report.key): \(report.status.rawValue)")
    }
  }

  /// - Parameter reason: one line without anything of the body.
  private func refusal(_ status: HTTPResponse.Status, _ reason: String, _ name: String) -> Response {
    logger.warning(
      "a webhook for \"\(ForeignText.line(name, limit: 64))\" was refused (HTTP \(status.code)): \(reason)")
    return answer(status, #"{"error":"\#(reason.replacing("\"", with: "'"))"}"#)
  }

  private func answer(_ status: HTTPResponse.Status, _ body: String) -> Response {
    Response(
      status: status, headers: [.contentType: "application/json"],
      body: ResponseBody(byteBuffer: ByteBuffer(string: body + "\n")))
  }
}
