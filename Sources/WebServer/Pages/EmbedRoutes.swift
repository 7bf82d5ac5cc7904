package import FoundationEssentials
import HTTPTypes
package import Hummingbird

/// The page for others' frames, `/embed/ORGANIZATION?token=…`. It sets no cookie.
package struct EmbedRoutes: ServerRoutes {
  private let policy: @Sendable () -> AccessPolicy
  private let now: @Sendable () -> Date
  private let page: @Sendable (PageRoutes.Inquiry) async throws -> String?
  private let excuse: @Sendable (_ query: [String: String]) -> String

  /// - Parameters:
  ///   - policy: who may ask for what, at this moment.
  ///   - now: the wall clock.
  ///   - page: the page of the organization that the path names; nil if there is none.
  ///   - excuse: what is shown in its place where it cannot be.
  package init(
    policy: @escaping @Sendable () -> AccessPolicy, now: @escaping @Sendable () -> Date,
    page: @escaping @Sendable (PageRoutes.Inquiry) async throws -> String?,
    excuse: @escaping @Sendable (_ query: [String: String]) -> String
  ) {
    (self.policy, self.now, self.page, self.excuse) = (policy, now, page, excuse)
  }

  package func add(to router: RouterOfServer) {
    let guarded = router.group().add(middleware: RequiresEmbedToken(kind: .page, policy: policy, now: now))
    guarded.get("/embed/{organization}") { request, context in
      guard let html = try await page(PageRoutes.Inquiry(request, context)) else {
        throw Problem(.notFound, "this organization is not configured")
      }
      return framed(html, .ok, request)
    }
  }

  /// Why it cannot be shown, a frame's visitor can do nothing about.
  package func page(of problem: Problem, to request: Request) -> Response? {
    guard request.uri.path.hasPrefix("/embed/") else { return nil }
    return framed(excuse(PageRoutes.Inquiry.query(of: request)), problem.status, request).saying(problem.headers)
  }

  private func framed(_ html: String, _ status: HTTPResponse.Status, _ request: Request) -> Response {
    var response = Content(Array(html.utf8), type: "text/html; charset=utf-8").response(to: request, status: status)
    response.headers[.contentSecurityPolicy] =
      ContentPolicy.framed(by: policy().embedding?.frameAncestors ?? []).text
    return response
  }
}
