import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore

/// What went wrong, as RFC 9457 says it.
package struct Problem: Error, Encodable {
  let status: HTTPResponse.Status
  /// One line: what is wrong and what to do.
  let detail: String
  /// What the answer says besides: how to do better.
  let headers: HTTPFields

  /// - Parameter detail: one line: what is wrong and what to do.
  init(_ status: HTTPResponse.Status, _ detail: String, _ headers: HTTPFields = [:]) {
    (self.status, self.detail) = (status, detail)
    var headers = headers
    if status == .unauthorized { headers[.wwwAuthenticate] = "Bearer realm=\"quotawatch\"" }
    self.headers = headers
  }

  /// - Parameter retryAfter: after how many seconds it is worth another try.
  init(_ status: HTTPResponse.Status, _ detail: String, retryAfter: Int) {
    self.init(status, detail, [.retryAfter: "\(retryAfter)"])
  }

  /// The type of ``bytes``.
  static var type: HTTPFields { [.contentType: "application/problem+json"] }

  /// As it is sent.
  var bytes: [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let text = (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    return Array((text + "\n").utf8)
  }

  private enum Key: String, CodingKey {
    case type, title, status, detail
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode("about:blank", forKey: .type)
    try container.encode(status.reasonPhrase, forKey: .title)
    try container.encode(status.code, forKey: .status)
    try container.encode(detail, forKey: .detail)
  }
}

extension Response {
  /// - Parameter detail: one line: what is wrong and what to do.
  static func problem(_ status: HTTPResponse.Status, _ detail: String) -> Response {
    problem(Problem(status, detail))
  }

  static func problem(_ problem: Problem) -> Response {
    let body = ResponseBody(byteBuffer: ByteBuffer(bytes: problem.bytes))
    return Response(status: problem.status, headers: Problem.type, body: body).saying(problem.headers)
  }

  /// The same with further headers.
  func saying(_ fields: HTTPFields) -> Response {
    var response = self
    for field in fields { response.headers[field.name] = field.value }
    return response
  }

  static func text(_ text: String, type: String = "text/plain; charset=utf-8") -> Response {
    Response(status: .ok, headers: [.contentType: type], body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
  }

  static func html(_ text: String, _ policy: ContentPolicy = .page) -> Response {
    var response = Response.text(text, type: "text/html; charset=utf-8")
    response.headers[.contentSecurityPolicy] = policy.text
    return response
  }
}
