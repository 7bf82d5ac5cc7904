import HTTPTypes
import Hummingbird
import Logging

/// Answers what no route has answered: that there is nothing at an address, that another method is needed, or that
/// something failed.
struct Problems: RouterMiddleware {
  let offers: Offers
  let routes: [any ServerRoutes]
  let logger: Logger

  func handle(
    _ request: Request, context: ServerContext, next: (Request, ServerContext) async throws -> Response
  ) async throws -> Response {
    do {
      return try await next(request, context)
    } catch {
      let problem = problem(error, request, context)
      guard request.isOfPerson else { return .problem(problem) }
      return routes.lazy.compactMap { $0.page(of: problem, to: request) }.first ?? .problem(problem)
    }
  }

  private func problem(_ error: any Error, _ request: Request, _ context: ServerContext) -> Problem {
    switch error {
    case let problem as Problem: return problem
    case let error as any HTTPResponseError:
      return error.status == .notFound
        ? offers.nothing(at: request.uri.path) : Problem(error.status, "it cannot be read")
    default:
      // What failed has no place in an answer, which anybody may see.
      logger.error("\(request.method) \(context.endpointPath ?? "") failed: \(error)")
      return Problem(.internalServerError, "something failed; the log of the server says what")
    }
  }
}
