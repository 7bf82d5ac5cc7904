import FoundationEssentials
import HTTPTypes
import Hummingbird
import QuotaCore

/// Lets those by who show a token of `quotawatch embed` for the organization that the path names, as `?token=…` or as
/// `Authorization: Bearer …`. They see that organization alone.
struct RequiresEmbedToken: RouterMiddleware {
  let kind: EmbedToken.Kind
  let policy: @Sendable () -> AccessPolicy
  let now: @Sendable () -> Date

  func handle(
    _ request: Request, context: ServerContext, next: (Request, ServerContext) async throws -> Response
  ) async throws -> Response {
    let policy = policy()
    try policy.checkHost(of: request)
    var context = context
    context.visitor = try visitor(Self.shown(request), policy, context)
    return try await next(request, context)
  }

  /// What bears the token in a query.
  static let parameter = "token"

  /// What is shown that may be such a token.
  static func shown(_ request: Request) -> String? {
    if let token = request.uri.queryParameters[parameter[...]] { return String(token) }
    return request.headers[.authorization].flatMap(AccessPolicy.bearer)
  }

  private func visitor(
    _ text: String?, _ policy: AccessPolicy, _ context: ServerContext
  ) throws -> AccessPolicy.Visitor {
    guard let text else { throw Problem(.unauthorized, "show a token of \"quotawatch embed\": ?token=…") }
    guard let token = policy.embedding?.token(text) else {
      throw Problem(.unauthorized, "this token is none of \"quotawatch embed\", or the secret is another one now")
    }
    let left = token.expiry.timeIntervalSince(now())
    guard left > 0, left <= Double(token.kind.longestLife.seconds) + 1 else {
      throw Problem(.unauthorized, "this token has expired")
    }
    guard token.kind == kind else { throw Problem(.forbidden, "this token is for the \(token.kind.rawValue)") }
    guard context.parameters.get("organization") == token.organization.rawValue else {
      throw Problem(.forbidden, "this token is for another organization")
    }
    return AccessPolicy.Visitor(name: "embed", scopes: [], organizations: [token.organization], source: .token)
  }
}
