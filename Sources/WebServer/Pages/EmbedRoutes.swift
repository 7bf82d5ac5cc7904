package import FoundationEssentials
import HTTPTypes
import Hummingbird

/// The page for others' frames, `/embed/ORGANIZATION?token=…`. It sets no cookie.
package struct EmbedRoutes: ServerRoutes {
  private let policy: @Sendable () -> AccessPolicy
  private let now: @Sendable () -> Date
  private let page: @Sendable (PageRoutes.Inquiry) async throws -> String?

  /// - Parameters:
  ///   - policy: who may ask for what, at this moment.
  ///   - now: the wall clock.
  ///   - page: the page of the organization that the path names; nil if there is none.
  package init(
    policy: @escaping @Sendable () -> AccessPolicy, now: @escaping @Sendable () -> Date,
    page: @escaping @Sendable (PageRoutes.Inquiry) async throws -> String?
  ) {
    (self.policy, self.now, self.page) = (policy, now, page)
  }

  package func add(to router: RouterOfServer) {
    let guarded = router.group().add(middleware: RequiresEmbedToken(kind: .page, policy: policy, now: now))
    guarded.get("/embed/{organization}") { request, context in
      guard let html = try await page(PageRoutes.Inquiry(request, context)) else {
        throw Problem(.notFound, "this organization is not configured")
      }
      var response = Content(Array(html.utf8), type: "text/html; charset=utf-8").response(to: request)
      response.headers[.contentSecurityPolicy] =
        ContentPolicy.framed(by: policy().embedding?.frameAncestors ?? []).text
      return response
    }
  }
}
