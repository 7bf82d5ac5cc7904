import HTTPTypes
import Hummingbird
import Logging

/// Answers what no route has answered: that there is nothing at an address, that another method is needed, or that
/// something failed.
struct Problems: RouterMiddleware {
  let offers: Offers
  let logger: Logger

  func handle(
    _ request: Request, context: ServerContext, next: (Request, ServerContext) async throws -> Response
  ) async throws -> Response {
    do {
      return try await next(request, context)
    } catch let problem as Problem {
      return .problem(problem)
    } catch let error as any HTTPResponseError {
      return error.status == .notFound
        ? offers.nothing(at: request.uri.path) : .problem(error.status, "it cannot be read")
    } catch {
      // What failed has no place in an answer, which anybody may see.
      logger.error("\(request.method) \(context.endpointPath ?? "") failed: \(error)")
      return .problem(.internalServerError, "something failed; the log of the server says what")
    }
  }
}
