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
    guard policy.answers(to: request.head.authority) else {
      return .problem(.misdirectedRequest, "this server does not go by that name; add it to \"serve.hosts\"")
    }
    let visitor = policy.visitor(from: context.peer, authorization: request.headers[.authorization]) { name in
      HTTPField.Name(name).flatMap { request.headers[$0] }
    }
    guard let visitor else {
      var response = Response.problem(.unauthorized, "show a token: Authorization: Bearer …")
      response.headers[.wwwAuthenticate] = "Bearer realm=\"quotawatch\""
      return response
    }
    guard visitor.scopes.contains(scope) else {
      return .problem(.forbidden, "this token has not the scope \"\(scope.rawValue)\"")
    }
    var context = context
    context.visitor = visitor
    return try await next(request, context)
  }
}
