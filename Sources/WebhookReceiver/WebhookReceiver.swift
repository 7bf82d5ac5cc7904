package import FoundationEssentials
import Glibc
import Hummingbird
package import Logging
import NIOCore
package import QuotaCore

/// Receives the vendor's webhooks at `POST /webhooks/ORGANIZATION`.
///
/// An event is answered with 200 only after it was taken, which means that it is on the disk. What is in a document
/// comes along in the body; it is neither kept nor logged.
package struct WebhookReceiver: Sendable {
  /// Takes one report and returns when it is on the disk; says whether it brought something new.
  package typealias Take = @Sendable (ExecutionReport) async throws -> Bool

  /// The largest body that is taken, in bytes.
  package static let largestBody = 16 << 20
  /// What the vendor is asked to wait if an event cannot be taken, in seconds.
  static let retryAfter = 30

  private let endpoints: [OrganizationID: WebhookAuthenticity]
  private let now: @Sendable () -> Date
  private let logger: Logger
  private let take: Take
  /// Compared with where there is no such organization, so that the time does not tell which ones there are.
  private let nobody: WebhookAuthenticity

  /// - Parameters:
  ///   - secrets: the endpoint's secret of each organization that webhooks are taken for.
  ///   - now: the wall clock.
  package init(
    secrets: [OrganizationID: Secret], now: @escaping @Sendable () -> Date, logger: Logger, take: @escaping Take
  ) {
    endpoints = secrets.mapValues(WebhookAuthenticity.init)
    nobody = WebhookAuthenticity(Secret(UUID().uuidString))
    self.now = now
    self.logger = logger
    self.take = take
  }

  /// Why an address cannot be listened at.
  package struct CannotListen: Error, Sendable {
    /// One line.
    package let message: String
  }

  /// Serves until SIGINT or SIGTERM; then answers what has arrived, and returns.
  ///
  /// - Parameter listening: told the port once connections are accepted.
  package func serve(
    host: String, port: Int, listening: @escaping @Sendable (_ port: Int) async -> Void
  ) async throws {
    let router = Router()
    router.post("/webhooks/:organization") { request, context in
      await receive(request, for: context.parameters.get("organization") ?? "")
    }
    let application = Application(
      router: router, server: .http1(configuration: .init(idleTimeout: .seconds(60))),
      configuration: ApplicationConfiguration(address: .hostname(host, port: port)),
      onServerRunning: { await listening($0.localAddress?.port ?? port) },
      logger: Logger(label: "webhooks") { _ in SwiftLogNoOpLogHandler() })
    do {
      try await application.runService()
    } catch let error as IOError {
      throw CannotListen(
        message:
          "cannot listen at \(host):\(port): \(String(cString: strerror(error.errnoCode))); choose another --address")
    }
  }

  private func receive(_ request: Request, for name: String) async -> Response {
    let body: [UInt8]
    do {
      body = Array(try await request.body.collect(upTo: Self.largestBody).readableBytesView)
    } catch is NIOTooManyBytesError {
      return refusal(.contentTooLarge, "the body is larger than \(Self.largestBody) bytes", name)
    } catch {
      return refusal(.badRequest, "the body did not arrive", name)
    }
    let organization = OrganizationID(name)
    let known = endpoints[organization]
    let signature = request.headers.first { $0.name.canonicalName == WebhookAuthenticity.header }?.value
    guard (known ?? nobody).accepts(body, signature: signature), known != nil else {
      return refusal(.unauthorized, "the signature is missing or wrong", name)
    }
    let event: VendorEvent
    do throws(VendorEvent.Unreadable) {
      event = try VendorEvent(body)
    } catch {
      return refusal(.badRequest, error.message, name)
    }
    do {
      let report = event.report(of: organization, at: now())
      let isNew = try await take(report)
      logger.info("\(report.key): \(report.status.rawValue)\(isNew ? "" : " (known already)")")
      return answer(.ok, #"{"ok":true,"new":\#(isNew)}"#)
    } catch {
      let reason = (error as? StoreError)?.message ?? "it could not be stored"
      logger.error("a webhook for \(organization) was not taken, the vendor is asked to send it again: \(reason)")
      var response = answer(.serviceUnavailable, #"{"error":"try again later"}"#)
      response.headers[.retryAfter] = String(Self.retryAfter)
      return response
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
