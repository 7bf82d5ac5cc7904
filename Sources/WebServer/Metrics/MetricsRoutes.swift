import HTTPTypes
import Hummingbird
import NIOCore
package import QuotaCore

/// `GET /metrics`, in the format that is asked for.
package struct MetricsRoutes: ServerRoutes {
  private let policy: @Sendable () -> AccessPolicy
  private let families: @Sendable () async throws -> [MetricFamily]

  /// - Parameters:
  ///   - policy: who may ask for what, at this moment.
  ///   - families: what is known, apart from what the server itself counts.
  package init(
    policy: @escaping @Sendable () -> AccessPolicy, families: @escaping @Sendable () async throws -> [MetricFamily]
  ) {
    self.policy = policy
    self.families = families
  }

  package func add(to router: RouterOfServer) {
    router.group().add(middleware: Requires(scopes: [.metrics], policy: policy)).get("/metrics") {
      request, context -> Response in
      guard context.visitor?.organizations == nil else {
        return .problem(.forbidden, "the metrics are of all organizations, and this token is not")
      }
      let format = MetricsFormat(accepting: request.headers[.accept])
      let bytes = format.bytes(try await families() + MetricsRegistry.shared.families)
      return Response(
        status: .ok, headers: [.contentType: format.contentType, .vary: "Accept"],
        body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
  }
}
