import HTTPTypes
import Hummingbird

/// What browsers are to be told of every answer: that it is what it says it is, and neither kept nor shown elsewhere.
struct SecurityHeaders: RouterMiddleware {
  func handle(
    _ request: Request, context: ServerContext, next: (Request, ServerContext) async throws -> Response
  ) async throws -> Response {
    var response: Response
    do {
      response = try await next(request, context)
    } catch let error as any HTTPResponseError {
      response = .problem(error.status)
    }
    for (name, value) in Self.fields {
      guard let name, response.headers[name] == nil else { continue }
      response.headers[name] = value
    }
    return response
  }

  private static let fields: [(HTTPField.Name?, String)] = [
    (.contentSecurityPolicy, "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"),
    (.xContentTypeOptions, "nosniff"), (.cacheControl, "no-store"), (HTTPField.Name("Referrer-Policy"), "no-referrer"),
  ]
}
