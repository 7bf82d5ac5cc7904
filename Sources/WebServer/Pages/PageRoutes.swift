import Crypto
import FoundationEssentials
import HTTPTypes
package import Hummingbird
import QuotaCore

/// The pages for people, what they load, and what is done on them.
package struct PageRoutes: ServerRoutes {
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

  /// What came of a form.
  package enum Outcome: Sendable {
    /// It is done, and noted under a number, which the page shows.
    case done(Int64)
    /// It was not: for this reason.
    case failed(String)
    /// It is not done yet: the page shows what would be.
    case rehearsed(String)
  }

  package typealias Handler = @Sendable (Inquiry) async throws -> Answer
  package typealias ActionHandler = @Sendable (Inquiry, Form) async throws -> Outcome

  /// A page, and what its forms do.
  package struct Page: Sendable {
    let show: Handler
    let act: ActionHandler?

    package init(_ show: @escaping Handler, act: ActionHandler? = nil) {
      (self.show, self.act) = (show, act)
    }
  }

  /// A page that is of nobody and nothing.
  package enum PlainPage: Sendable {
    /// On which one signs in.
    ///
    /// - Parameters:
    ///   - next: where one goes on from there: a path.
    ///   - problem: why one is not signed in.
    case signIn(next: String, problem: String?)
    /// What went wrong: a title, and a sentence.
    case problem(String, String)
  }

  /// An asset under a name that changes with its content.
  package struct Asset: Sendable {
    let name: String
    let content: Content

    package init(name: String, type: String, bytes: [UInt8]) {
      self.name = name
      content = Content(bytes, type: type, isKept: true)
    }
  }

  let policy: @Sendable () -> AccessPolicy
  private let pages: [String: Page]
  /// Where one can go on from a page.
  let offers: Offers
  private let assets: [Asset]
  private let notice: @Sendable (PlainPage) -> String
  private let bodies = BodyReader()
  /// Of this process: what a form has to bear follows from it.
  private let key = SymmetricKey(size: .bits256)

  /// - Parameters:
  ///   - policy: who may ask for what, at this moment.
  ///   - pages: by the pattern of their path, such as `/organizations/{organization}`.
  ///   - notice: the pages that say something besides these.
  package init(
    policy: @escaping @Sendable () -> AccessPolicy, pages: [String: Page], assets: [Asset],
    notice: @escaping @Sendable (PlainPage) -> String
  ) {
    (self.policy, self.pages, self.assets, self.notice) = (policy, pages, assets, notice)
    offers = Offers(all: pages.keys.map { Offers.Offer(path: RouterPath($0), method: .get) })
  }

  package func add(to router: RouterOfServer) {
    for asset in assets {
      router.get(RouterPath("/assets/\(asset.name)")) { request, _ in
        var response = asset.content.response(to: request)
        response.headers[.cacheControl] = "public, max-age=31536000, immutable"
        return response
      }
    }
    for (path, page) in pages {
      router.group().add(middleware: RequiresOnPage(scopes: [.read], routes: self)).get(RouterPath(path)) {
        request, context in
        try await response(to: request, page.show(inquiry(request, context)))
      }
      guard let act = page.act else { continue }
      router.group().add(middleware: RequiresOnPage(scopes: [.read, .act], routes: self)).post(RouterPath(path)) {
        request, context in
        try await response(toForm: request, context, page, act)
      }
    }
    addSignIn(to: router)
  }

  private func inquiry(_ request: Request, _ context: ServerContext) -> Inquiry {
    let visitor = context.visitor
    let subject = Data("quotawatch form\n\(visitor?.source.rawValue ?? "")\n\(visitor?.name ?? "")".utf8)
    let code = HexadecimalCode.text(HMAC<SHA256>.authenticationCode(for: subject, using: key).prefix(16))
    return Inquiry(request, context, allowsActing: policy().allowsActing, formCode: code)
  }

  // MARK: - What is done

  private func response(
    toForm request: Request, _ context: ServerContext, _ page: Page, _ act: ActionHandler
  ) async throws -> Response {
    let form = try await form(of: request)
    var inquiry = inquiry(request, context)
    guard form.texts["code"] == inquiry.formCode else {
      inquiry.problem =
        "The page was of another sign-in, or made before the server was started anew. Please do it again."
      return try await response(to: request, page.show(inquiry), .forbidden)
    }
    switch try await act(inquiry, form) {
    case .done(let id): return .found(Self.place(of: request, done: id))
    case .failed(let reason):
      inquiry.problem = reason
      return try await response(to: request, page.show(inquiry), .unprocessableContent)
    case .rehearsed(let text):
      inquiry.rehearsal = text
      return try await response(to: request, page.show(inquiry))
    }
  }

  /// - Parameter limit: in bytes.
  func form(of request: Request, atMost limit: Int = BodyReader.largest) async throws -> Form {
    let bytes: [UInt8]
    do throws(BodyReader.Refusal) {
      bytes = try await bodies.body(of: request, atMost: limit)
    } catch {
      throw Problem(error.status, error.message)
    }
    guard let form = Form(bytes, type: request.headers[.contentType] ?? "") else {
      throw Problem(.unsupportedMediaType, "this address takes what forms send")
    }
    return form
  }

  /// The page that a form was on, which shows what was done.
  private static func place(of request: Request, done id: Int64) -> String {
    let kept = (request.uri.query ?? "").split(separator: "&").filter { !$0.hasPrefix("act=") }
    return "\(request.uri.path)?\((kept + ["act=\(id)"]).joined(separator: "&"))"
  }

  // MARK: - What is shown

  private func response(
    to request: Request, _ answer: Answer, _ status: HTTPResponse.Status = .ok
  ) -> Response {
    switch answer {
    case .page(let html): return page(html, status, request)
    case .missing(let html): return page(html, .notFound, request)
    case .refused(let html): return page(html, .forbidden, request)
    case .file(let bytes, let type, let name):
      var response = Content(bytes, type: type).response(to: request)
      response.headers[.contentDisposition] = "attachment; filename=\"\(name)\""
      return response
    }
  }

  /// Everywhere but where programs ask, and in frames.
  package func page(of problem: Problem, to request: Request) -> Response? {
    guard !["/api/", "/embed/"].contains(where: request.uri.path.hasPrefix) else { return nil }
    return page(.problem(problem.status.reasonPhrase, problem.sentence), problem.status, request)
      .saying(problem.headers)
  }

  func page(_ notice: PlainPage, _ status: HTTPResponse.Status, _ request: Request) -> Response {
    page(self.notice(notice), status, request)
  }

  func page(_ html: String, _ status: HTTPResponse.Status, _ request: Request) -> Response {
    var response = Content(Array(html.utf8), type: "text/html; charset=utf-8").response(to: request, status: status)
    response.headers[.contentSecurityPolicy] = ContentPolicy.page.text
    // Without this, browsers say of forms that they come from nowhere.
    if let name = HTTPField.Name("Referrer-Policy") { response.headers[name] = "same-origin" }
    return response
  }
}

extension Problem {
  /// What is wrong and what to do, as a sentence.
  var sentence: String { detail.prefix(1).uppercased() + detail.dropFirst() + "." }
}

extension Response {
  /// What was asked for is done; what came of it is there.
  static func found(_ place: String) -> Response { Response(status: .seeOther, headers: [.location: place]) }
}
