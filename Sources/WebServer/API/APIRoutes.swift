package import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore
import QuotaCore

/// The API for programs, `/api/v1`: what it shows is given to it.
package struct APIRoutes: ServerRoutes {
  /// One address of the API.
  package struct Resource: Sendable {
    /// Behind `/api/v1/`.
    let path: String
    /// The names that may stand in a query.
    let parameters: [String]
    /// Whether a token of `quotawatch embed` opens it, too, and pages of the origins that are allowed may ask for it.
    let isEmbeddable: Bool
    let json: @Sendable (APIQuestion) async throws -> String

    /// - Parameter json: makes the answer; throws ``Problem`` for what is wrong with the question.
    package init(
      _ path: String, parameters: [String] = [], isEmbeddable: Bool = false,
      json: @escaping @Sendable (APIQuestion) async throws -> String
    ) {
      self.path = path
      self.parameters = parameters
      self.isEmbeddable = isEmbeddable
      self.json = json
    }
  }

  private let resources: [Resource]
  private let policy: @Sendable () -> AccessPolicy
  private let now: @Sendable () -> Date

  /// - Parameters:
  ///   - policy: who may ask for what, at this moment.
  ///   - now: the wall clock.
  package init(
    _ resources: [Resource], policy: @escaping @Sendable () -> AccessPolicy, now: @escaping @Sendable () -> Date
  ) {
    self.resources = resources
    self.policy = policy
    self.now = now
  }

  package func add(to router: RouterOfServer) {
    for resource in resources {
      let group = router.group("/api/v1")
      if resource.isEmbeddable {
        let origins = CrossOrigin(policy: policy)
        group.on(RouterPath(resource.path), method: .options) { try origins.preflight($0, $1) }
        group.add(middleware: origins)
        group.add(middleware: RequiresOrEmbedToken(scope: .read, policy: policy, now: now))
      } else {
        group.add(middleware: Requires(scopes: [.read], policy: policy))
      }
      let parameters = resource.parameters + (resource.isEmbeddable ? [RequiresEmbedToken.parameter] : [])
      group.get(RouterPath(resource.path)) { request, context in
        let question = try APIQuestion(request, context, parameters)
        return Content(Array((try await resource.json(question) + "\n").utf8), type: "application/json").response(
          to: request)
      }
    }
  }
}
