import FoundationEssentials
import HTTPTypes
import Hummingbird

/// Finds out who asks, and lets those by who may do something. Routes without this are open to everybody.
struct Requires: RouterMiddleware {
  let scope: AccessPolicy.Scope
  let policy: @Sendable () -> AccessPolicy

  func handle(
    _ request: Request, context: ServerContext, next: (Request, ServerContext) async throws -> Response
  ) async throws -> Response {
    let policy = policy()
    try policy.checkHost(of: request)
    let visitor = policy.visitor(from: context.peer, authorization: request.headers[.authorization]) { name in
      HTTPField.Name(name).flatMap { request.headers[$0] }
    }
    guard let visitor else { throw Problem(.unauthorized, "show a token: Authorization: Bearer …") }
    guard visitor.scopes.contains(scope) else {
      throw Problem(.forbidden, "this token has not the scope \"\(scope.rawValue)\"")
    }
    var context = context
    context.visitor = visitor
    return try await next(request, context)
  }
}

/// The same, where a token of `quotawatch embed` for the organization that the path names is as good.
struct RequiresOrEmbedToken: RouterMiddleware {
  let scope: AccessPolicy.Scope
  let policy: @Sendable () -> AccessPolicy
  let now: @Sendable () -> Date

  func handle(
    _ request: Request, context: ServerContext, next: (Request, ServerContext) async throws -> Response
  ) async throws -> Response {
    let embedding = policy().embedding
    let isEmbedded =
      request.uri.queryParameters[RequiresEmbedToken.parameter[...]] != nil
      || RequiresEmbedToken.shown(request).flatMap { embedding?.token($0) } != nil
    return isEmbedded
      ? try await RequiresEmbedToken(kind: .page, policy: policy, now: now).handle(
        request, context: context, next: next)
      : try await Requires(scope: scope, policy: policy).handle(request, context: context, next: next)
  }
}

extension AccessPolicy {
  /// - Throws: that the request is for another server.
  func checkHost(of request: Request) throws {
    guard answers(to: request.head.authority) else {
      throw Problem(.misdirectedRequest, "this server does not go by that name; add it to \"serve.hosts\"")
    }
  }
}
