import FoundationEssentials
import HTTPTypes
import Hummingbird
import QuotaCore

extension PageRoutes {
  func addSignIn(to router: RouterOfServer) {
    router.get("/sign-in") { request, _ in
      try policy().checkHost(of: request)
      let next = request.uri.queryParameters["next"].map(String.init)
      return page(.signIn(next: self.next(next), problem: nil), .ok, request)
    }
    router.post("/sign-in") { request, context in try await response(toSignIn: request, context) }
    router.post("/sign-out") { request, _ in
      try policy().checkHost(of: request)
      try policy().checkOrigin(of: request)
      var response = Response.found("/")
      response.headers[.setCookie] = Session.end(isSecure: isSecure(request))
      return response
    }
  }

  /// What everybody may send, in bytes: a token, and where one goes on.
  private static let longestSignIn = 8 << 10

  private func response(toSignIn request: Request, _ context: ServerContext) async throws -> Response {
    let policy = policy()
    try policy.checkHost(of: request)
    try policy.checkOrigin(of: request)
    let form = try await form(of: request, atMost: Self.longestSignIn)
    let (token, next) = (form.texts["token"] ?? "", next(form.text("next")))
    let trimmed = token.split(whereSeparator: \.isWhitespace).joined()
    func refused(_ status: HTTPResponse.Status, _ problem: String) -> Response {
      page(.signIn(next: next, problem: problem), status, request)
    }
    guard !isSecure(request) || !isInClearText(request) else {
      return refused(
        .unprocessableContent,
        "This page came over HTTP, over which a browser does not keep who has signed in: put a proxy with TLS in "
          + "front of the server. The token has gone there as clear text; make another one.")
    }
    guard let visitor = try await policy.visitor(from: context.peer, session: trimmed, { request.field($0) }) else {
      return refused(.unauthorized, "This token opens nothing. It may have expired, or been revoked.")
    }
    guard visitor.scopes.contains(.read) else {
      return refused(.forbidden, "This token opens no pages: it has not the scope \u{201C}read\u{201D}.")
    }
    var response = Response.found(next)
    response.headers[.setCookie] = Session.beginning(with: trimmed, isSecure: isSecure(request))
    return response
  }

  /// Whether a browser is to show the cookie over TLS alone: everywhere but on this machine.
  private func isSecure(_ request: Request) -> Bool {
    !policy().isLocal || AccessPolicy.isForwarded { request.field($0) }
  }

  /// Whether a form came by a page without TLS, from another machine: to its own one a browser shows such a cookie all the same.
  private func isInClearText(_ request: Request) -> Bool {
    guard let origin = request.headers[.origin]?.lowercased(), origin.hasPrefix("http://") else { return false }
    let place = String(origin.dropFirst(7))
    return (WebServer.Place(place) ?? WebServer.Place(place + ":80"))?.isLoopback != true
  }

  /// Where one goes on: a page of this server, or its beginning.
  func next(_ path: String?) -> String {
    guard let path, path.first == "/", path.utf8.count <= 2_000, !path.hasPrefix("//"),
      path.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\\") }),
      offers.takes(.get, at: path.prefix { $0 != "?" && $0 != "#" })
    else { return "/" }
    return path
  }
}

extension AccessPolicy {
  /// Whose token somebody signs in with.
  func visitor(from peer: String?, session: String, _ field: (String) -> String?) async throws -> Visitor? {
    try await visitor(session, .session, from: client(at: peer, field))
  }
}

/// As ``Requires``, where a person is asked to sign in.
struct RequiresOnPage: RouterMiddleware {
  /// All of these.
  let scopes: [AccessPolicy.Scope]
  let routes: PageRoutes

  func handle(
    _ request: Request, context: ServerContext, next: (Request, ServerContext) async throws -> Response
  ) async throws -> Response {
    if let arrival = arrival(request) { return arrival }
    do {
      return try await Requires(scopes: scopes, policy: routes.policy).handle(request, context: context, next: next)
    } catch let problem as Problem where isForAnotherToken(problem) && request.isOfPerson {
      let place = request.method == .get ? request.uri.description : request.uri.path
      let reason = problem.status == .unauthorized ? nil : problem.sentence
      return routes.page(.signIn(next: routes.next(place), problem: reason), problem.status, request)
        .saying(problem.headers)
    }
  }

  /// Whether another token would help.
  private func isForAnotherToken(_ problem: Problem) -> Bool {
    problem.status == .unauthorized || scopes == [.read] && problem.status == .forbidden
  }

  /// Who follows a link from elsewhere shows no cookie, though they may have signed in: a page of ours leads them on.
  private func arrival(_ request: Request) -> Response? {
    guard request.method == .get, request.field("Sec-Fetch-Site") == "cross-site",
      request.field("Sec-Fetch-Mode") == "navigate", request.isOfPerson
    else { return nil }
    let sign = request.uri.query == nil ? "?" : "&"
    let place = routes.next(request.uri.description + sign + "arrived=1").escapedForHTML
    return routes.page(
      "<!doctype html><meta http-equiv=\"refresh\" content=\"0;url=\(place)\"><title>quotawatch</title>", .ok, request)
  }
}
