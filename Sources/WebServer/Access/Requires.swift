import FoundationEssentials
import HTTPTypes
import Hummingbird
import QuotaCore

/// Finds out who asks, and lets those by who may do something. Routes without this are open to everybody.
struct Requires: RouterMiddleware {
  /// All of these.
  let scopes: [AccessPolicy.Scope]
  let policy: @Sendable () -> AccessPolicy

  func handle(
    _ request: Request, context: ServerContext, next: (Request, ServerContext) async throws -> Response
  ) async throws -> Response {
    let policy = policy()
    var context = context
    context.visitor = try await policy.visitor(of: request, context, for: scopes)
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
      : try await Requires(scopes: [scope], policy: policy).handle(request, context: context, next: next)
  }
}

extension AccessPolicy {
  /// Who asks, if they may do that.
  ///
  /// - Throws: that they may not, or that the request is for another server, or was made by a page of another one.
  func visitor(of request: Request, _ context: ServerContext, for scopes: [Scope]) async throws -> Visitor {
    try checkHost(of: request)
    if !Self.isSafe(request.method) { try checkOrigin(of: request) }
    let visitor = try await visitor(
      from: context.peer, authorization: request.headers[.authorization], session: Session.token(in: request)
    ) { request.field($0) }
    guard let visitor else { throw Problem(.unauthorized, "show a token: Authorization: Bearer …") }
    for scope in scopes where !visitor.scopes.contains(scope) { throw refusal(of: visitor, scope) }
    return visitor
  }

  private func refusal(of visitor: Visitor, _ scope: Scope) -> Problem {
    if !allowsActing, !Scope.looking.contains(scope) {
      return Problem(.forbidden, "a past moment is shown, in which nothing can be done")
    }
    return switch visitor.source {
    case .machine:
      Problem(
        .unauthorized,
        "this takes a token with the scope \"\(scope.rawValue)\", on this machine, too: Authorization: Bearer …")
    case .proxy:
      Problem(.forbidden, "\"serve.proxy\" does not give its users the scope \"\(scope.rawValue)\"")
    case .token, .session: Problem(.forbidden, "this token has not the scope \"\(scope.rawValue)\"")
    }
  }

  /// - Throws: that the request is for another server.
  func checkHost(of request: Request) throws {
    guard answers(to: request.head.authority) else {
      throw Problem(.misdirectedRequest, "this server does not go by that name; add it to \"serve.hosts\"")
    }
  }

  /// Whether a method changes nothing (RFC 9110, 9.2.1).
  private static func isSafe(_ method: HTTPRequest.Method) -> Bool {
    [.get, .head, .options].contains(method)
  }

  /// - Throws: that the request was made by a page of another server. Programs that are no browsers say nothing of that.
  func checkOrigin(of request: Request) throws {
    let site = request.field("Sec-Fetch-Site").map { ["same-origin", "none"].contains($0) } ?? true
    guard site, request.headers[.origin].map({ isOwn($0, request.head.authority) }) ?? true else {
      throw Problem(
        .forbidden, "the request comes from a page of another server; add the name of this one to \"serve.hosts\"")
    }
  }

  /// Whether a page of an origin is one of ours.
  private func isOwn(_ origin: String, _ authority: String?) -> Bool {
    guard let scheme = origin.firstRange(of: "://") else { return false }
    let place = origin[scheme.upperBound...].lowercased()
    return place == authority?.lowercased() || hosts.contains(String(place.prefix { $0 != ":" }))
  }
}

extension Request {
  /// Whether a browser shows the answer to somebody.
  var isOfPerson: Bool { headers[.accept]?.contains("text/html") ?? false }

  /// A header by its name.
  func field(_ name: String) -> String? { HTTPField.Name(name).flatMap { headers[$0] } }
}
