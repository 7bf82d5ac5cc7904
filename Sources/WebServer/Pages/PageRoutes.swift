import HTTPTypes
import Hummingbird
package import QuotaCore

/// The pages for people, and what they load.
package struct PageRoutes: ServerRoutes {
  /// What a visitor asks for.
  package struct Inquiry: Sendable {
    /// Only these are shown; nil for all.
    package let organizations: Set<OrganizationID>?
    /// What stands in the path where its pattern has a name.
    package let path: [String: String]
    /// The parameters behind the `?`; the last of a name counts.
    package let query: [String: String]

    /// Whether an organization may be shown.
    package func shows(_ organization: OrganizationID) -> Bool { organizations?.contains(organization) ?? true }
  }

  /// What is at an address.
  package enum Answer: Sendable {
    case page(String)
    /// A file to keep, under a name.
    case file([UInt8], type: String, name: String)
    /// There is nothing, which the page says.
    case missing(String)
    /// The visitor may not see it, which the page says.
    case refused(String)
  }

  package typealias Handler = @Sendable (Inquiry) async throws -> Answer

  /// An asset under a name that changes with its content.
  package struct Asset: Sendable {
    let name: String
    let content: Content

    package init(name: String, type: String, bytes: [UInt8]) {
      self.name = name
      content = Content(bytes, type: type, isKept: true)
    }
  }

  private let policy: @Sendable () -> AccessPolicy
  private let pages: [String: Handler]
  private let assets: [Asset]

  /// - Parameters:
  ///   - policy: who may ask for what, at this moment.
  ///   - pages: by the pattern of their path, such as `/organizations/{organization}`.
  package init(policy: @escaping @Sendable () -> AccessPolicy, pages: [String: Handler], assets: [Asset]) {
    (self.policy, self.pages, self.assets) = (policy, pages, assets)
  }

  package func add(to router: RouterOfServer) {
    for asset in assets {
      router.get(RouterPath("/assets/\(asset.name)")) { request, _ in
        var response = asset.content.response(to: request)
        response.headers[.cacheControl] = "public, max-age=31536000, immutable"
        return response
      }
    }
    let group = router.group().add(middleware: Requires(scope: .read, policy: policy))
    for (path, handler) in pages {
      group.get(RouterPath(path)) { request, context in
        try await Self.response(to: request, context, handler)
      }
    }
  }

  private static func response(
    to request: Request, _ context: ServerContext, _ handler: Handler
  ) async throws -> Response {
    switch try await handler(Inquiry(request, context)) {
    case .page(let html): return page(html, .ok, request)
    case .missing(let html): return page(html, .notFound, request)
    case .refused(let html): return page(html, .forbidden, request)
    case .file(let bytes, let type, let name):
      var response = Content(bytes, type: type).response(to: request)
      response.headers[.contentDisposition] = "attachment; filename=\"\(name)\""
      return response
    }
  }

  private static func page(_ html: String, _ status: HTTPResponse.Status, _ request: Request) -> Response {
    var response = Content(Array(html.utf8), type: "text/html; charset=utf-8").response(to: request, status: status)
    response.headers[.contentSecurityPolicy] = ContentPolicy.page.text
    return response
  }
}

extension PageRoutes.Inquiry {
  init(_ request: Request, _ context: ServerContext) {
    organizations = context.visitor?.organizations
    path = Dictionary(context.parameters.map { (String($0), String($1)) }) { _, last in last }
    query = Dictionary(request.uri.queryParameters.map { (String($0), String($1)) }) { _, last in last }
  }
}
