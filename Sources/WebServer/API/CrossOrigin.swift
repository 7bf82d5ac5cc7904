import HTTPTypes
import Hummingbird
import QuotaCore

/// Lets scripts of the origins that are allowed read an answer, where a request bears a token: what somebody may see without
/// one, being on this machine, no other page may see through their browser.
struct CrossOrigin: RouterMiddleware {
  let policy: @Sendable () -> AccessPolicy

  func handle(
    _ request: Request, context: ServerContext, next: (Request, ServerContext) async throws -> Response
  ) async throws -> Response {
    var response: Response
    do {
      response = try await next(request, context)
    } catch let problem as Problem {
      response = .problem(problem)
    }
    response.headers[values: .vary].append("Origin")
    if let origin = allowed(request), RequiresEmbedToken.shown(request) != nil {
      response.headers[.accessControlAllowOrigin] = origin
      response.headers[.accessControlExposeHeaders] = "ETag"
    }
    return response
  }

  /// Answers what a browser asks before it sends a request with headers of its own.
  func preflight(_ request: Request, _ context: ServerContext) throws -> Response {
    try policy().checkHost(of: request)
    guard Identifier.isValid(context.parameters.get("organization") ?? "") else { throw Problem.noOrganization }
    var response = Response(status: .noContent, headers: [.vary: "Origin"])
    if let origin = allowed(request) {
      response.headers[.accessControlAllowOrigin] = origin
      response.headers[.accessControlAllowMethods] = "GET, HEAD"
      response.headers[.accessControlAllowHeaders] = "Authorization, If-None-Match"
      response.headers[.accessControlMaxAge] = "600"
    }
    return response
  }

  private func allowed(_ request: Request) -> String? {
    request.headers[.origin].flatMap { origin in
      policy().embedding?.origins.contains(origin.lowercased()) == true ? origin : nil
    }
  }
}
