import HTTPTypes
import Hummingbird

/// What browsers are to be told of every answer: that it is what it says it is, and neither kept nor shown elsewhere.
struct SecurityHeaders: RouterMiddleware {
  func handle(
    _ request: Request, context: ServerContext, next: (Request, ServerContext) async throws -> Response
  ) async throws -> Response {
    var response = try await next(request, context)
    Self.add(to: &response.headers)
    return response
  }

  /// Adds those that are not there yet.
  static func add(to headers: inout HTTPFields) {
    for (name, value) in fields {
      guard let name, headers[name] == nil else { continue }
      headers[name] = value
    }
  }

  private static let fields: [(HTTPField.Name?, String)] = [
    (.contentSecurityPolicy, ContentPolicy.data.text), (.xContentTypeOptions, "nosniff"), (.cacheControl, "no-store"),
    (HTTPField.Name("Referrer-Policy"), "no-referrer"),
    (HTTPField.Name("Cross-Origin-Resource-Policy"), "same-origin"),
  ]
}

/// What a browser may do with an answer, as a content security policy.
package enum ContentPolicy: Hashable, Sendable {
  /// Nothing: it is data.
  case data
  /// A page, with styles, scripts, pictures and forms of this server, that nobody may frame.
  case page
  /// A page that others may frame: these, or nobody.
  case framed(by: [String])

  package var text: String {
    let own = "style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'"
    return switch self {
    case .data: "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    case .page: "default-src 'none'; \(own); form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    case .framed(let hosts):
      "default-src 'none'; \(own); form-action 'none'; base-uri 'none'; frame-ancestors "
        + (hosts.isEmpty ? "'none'" : hosts.joined(separator: " "))
    }
  }
}
