import Crypto
import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore
package import QuotaCore

/// What can be done through the API, `/api/v1`: each is given to it.
package struct APIActionRoutes: ServerRoutes {
  /// Something that is asked for.
  package struct Order: Sendable {
    package let question: APIQuestion
    package let body: APIBody
    package let author: Author
    /// The same for a request that is sent twice with the same `Idempotency-Key`.
    package let request: RequestKey
  }

  /// How something is asked for.
  package enum Verb: Sendable {
    case post, delete

    fileprivate var method: HTTPRequest.Method {
      switch self {
      case .post: .post
      case .delete: .delete
      }
    }
  }

  /// What is answered where it is done.
  package enum Success: Sendable {
    case done
    /// Something is there that was not.
    case created
    /// It is going to be done.
    case accepted

    fileprivate var status: HTTPResponse.Status {
      switch self {
      case .done: .ok
      case .created: .created
      case .accepted: .accepted
      }
    }
  }

  /// One thing that can be done.
  package struct Action: Sendable {
    let verb: Verb
    /// Behind `/api/v1/`.
    let path: String
    let scopes: [AccessScope]
    /// The names that may stand in a query.
    let parameters: [String]
    /// The names of the body's members; nil for a body that is no JSON.
    let fields: [String]?
    /// What is answered where it is done.
    let success: Success
    let json: @Sendable (Order) async throws -> String

    /// - Parameter json: does it, and makes the answer; throws ``Problem`` for what is wrong with the order.
    package init(
      _ verb: Verb, _ path: String, scopes: [AccessScope] = [.act], parameters: [String] = [],
      fields: [String]? = [], success: Success = .done,
      json: @escaping @Sendable (Order) async throws -> String
    ) {
      (self.verb, self.path, self.scopes) = (verb, path, scopes)
      (self.parameters, self.fields, self.success, self.json) = (parameters, fields, success, json)
    }
  }

  private let actions: [Action]
  private let policy: @Sendable () -> AccessPolicy
  private let bodies = BodyReader()

  /// - Parameter policy: who may ask for what, at this moment.
  package init(_ actions: [Action], policy: @escaping @Sendable () -> AccessPolicy) {
    (self.actions, self.policy) = (actions, policy)
  }

  package func add(to router: RouterOfServer) {
    for action in actions {
      router.group("/api/v1").add(middleware: Requires(scopes: action.scopes, policy: policy))
        .on(RouterPath(action.path), method: action.verb.method) { request, context in
          let bytes = try await body(of: request)
          try checkType(of: request, bytes, action)
          let order = try Self.order(request, context, bytes, action)
          let json = try await action.json(order)
          return Response(
            status: action.success.status, headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: json + "\n")))
        }
    }
  }

  private func body(of request: Request) async throws -> [UInt8] {
    do throws(BodyReader.Refusal) {
      return try await bodies.body(of: request)
    } catch {
      throw Problem(error.status, error.message)
    }
  }

  private func checkType(of request: Request, _ bytes: [UInt8], _ action: Action) throws(Problem) {
    guard action.fields != nil, !bytes.isEmpty else { return }
    guard MediaType(request.headers[.contentType] ?? "").name == "application/json" else {
      throw Problem(.unsupportedMediaType, "this address takes application/json")
    }
  }

  private static func order(
    _ request: Request, _ context: ServerContext, _ bytes: [UInt8], _ action: Action
  ) throws(Problem) -> Order {
    let visitor = context.visitor
    let name = visitor?.name ?? AccessPolicy.nobody
    let author = Author(name: name, way: .api, organizations: visitor.map(\.organizations) ?? [])
    let head = "\(action.verb.method) \(request.uri.description) \(visitor?.source.rawValue ?? "")\n"
    let digest = HexadecimalCode.text(SHA256.hash(data: Data(head.utf8) + Data(bytes)))
    let key = "api/\(visitor?.source.rawValue ?? "")/\(name)/\(try key(of: request))"
    return Order(
      question: try APIQuestion(request, context, action.parameters), body: try APIBody(bytes, action.fields),
      author: author, request: RequestKey(key: key, digest: digest))
  }

  /// What the client tells its requests apart by, or one of our own.
  private static func key(of request: Request) throws(Problem) -> String {
    guard let key = request.field("Idempotency-Key") else { return UUID().uuidString }
    guard (1...255).contains(key.utf8.count), key.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw .wrong("\"Idempotency-Key\" has 1 to 255 visible characters of ASCII")
    }
    return key
  }
}

extension AccessPolicy {
  /// Who acts on this machine without showing anything, where that is allowed.
  package static let nobody = "somebody on this machine"
}

extension Problem {
  /// It cannot be done as it is asked for.
  package static func refused(_ detail: String) -> Problem { Problem(.unprocessableContent, detail) }
}
