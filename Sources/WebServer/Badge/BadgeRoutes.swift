package import FoundationEssentials
import HTTPTypes
import Hummingbird
package import QuotaCore

/// `GET /badge/ORGANIZATION.svg`, for who shows a token of `quotawatch embed --badge`.
package struct BadgeRoutes: ServerRoutes {
  private let policy: @Sendable () -> AccessPolicy
  private let now: @Sendable () -> Date
  private let badge: @Sendable (OrganizationID) async throws -> Badge?

  /// - Parameters:
  ///   - policy: who may ask for what, at this moment.
  ///   - now: the wall clock.
  ///   - badge: what is to be shown of an organization; nil where it is not known.
  package init(
    policy: @escaping @Sendable () -> AccessPolicy, now: @escaping @Sendable () -> Date,
    badge: @escaping @Sendable (OrganizationID) async throws -> Badge?
  ) {
    self.policy = policy
    self.now = now
    self.badge = badge
  }

  package func add(to router: RouterOfServer) {
    router.group().add(middleware: RequiresEmbedToken(kind: .badge, policy: policy, now: now))
      .get("/badge/{organization}.svg") { request, context in
        guard let badge = try await badge(context.organization()) else { throw Problem.noOrganization }
        var response = Content(Array(badge.svg.utf8), type: "image/svg+xml").response(to: request)
        // Others' pages show it; browsers that isolate them ask for this.
        if let name = HTTPField.Name("Cross-Origin-Resource-Policy") { response.headers[name] = "cross-origin" }
        return response
      }
  }
}
