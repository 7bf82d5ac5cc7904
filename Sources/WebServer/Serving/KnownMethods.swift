import Hummingbird

/// Answers methods that no route has before anything else sees them: what a stranger makes up must not become the label of
/// a metric.
struct KnownMethods: RouterMiddleware {
  let offers: Offers

  func handle(
    _ request: Request, context: ServerContext, next: (Request, ServerContext) async throws -> Response
  ) async throws -> Response {
    switch request.method {
    case .get, .head, .post, .put, .patch, .delete, .options: try await next(request, context)
    default: .problem(offers.nothing(at: request.uri.path))
    }
  }
}
