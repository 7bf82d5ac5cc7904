import HTTPTypes
import Hummingbird
import Logging

/// Answers what no route has answered: that there is nothing at an address, that another method is needed, or that
/// something failed.
struct Problems: RouterMiddleware {
  /// What can be asked for.
  struct Offer: Sendable {
    let path: RouterPath
    let method: HTTPRequest.Method

    /// Whether it is what a path leads to.
    func matches(_ parts: [Substring]) -> Bool {
      parts.count == path.count && zip(path, parts).allSatisfy { $0 ~= $1 }
    }
  }

  let offers: [Offer]
  let logger: Logger

  func handle(
    _ request: Request, context: ServerContext, next: (Request, ServerContext) async throws -> Response
  ) async throws -> Response {
    do {
      return try await next(request, context)
    } catch let problem as Problem {
      return .problem(problem)
    } catch let error as any HTTPResponseError {
      return error.status == .notFound ? nothing(at: request.uri.path) : .problem(error.status, "it cannot be read")
    } catch {
      // What failed has no place in an answer, which anybody may see.
      logger.error("\(request.method) \(context.endpointPath ?? "") failed: \(error)")
      return .problem(.internalServerError, "something failed; the log of the server says what")
    }
  }

  private func nothing(at path: String) -> Response {
    let parts = path.split(separator: "/")
    var methods = Set(offers.filter { $0.matches(parts) }.map(\.method))
    guard !methods.isEmpty else { return .problem(.notFound, "there is nothing at this address") }
    if methods.contains(.get) { methods.insert(.head) }
    let allowed = methods.map(\.rawValue).sorted().joined(separator: ", ")
    var response = Response.problem(.methodNotAllowed, "this address takes \(allowed) alone")
    response.headers[.allow] = allowed
    return response
  }
}
