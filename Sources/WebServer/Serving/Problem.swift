import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore

/// What went wrong, as RFC 9457 says it.
package struct Problem: Error, Encodable {
  let status: HTTPResponse.Status
  /// One line: what is wrong and what to do.
  let detail: String
  /// After how many seconds it is worth another try; nil if that is not known.
  let retryAfter: Int?

  init(_ status: HTTPResponse.Status, _ detail: String, retryAfter: Int? = nil) {
    (self.status, self.detail, self.retryAfter) = (status, detail, retryAfter)
  }

  /// The type of ``bytes``.
  static var headers: HTTPFields { [.contentType: "application/problem+json"] }

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
    var response = Response(
      status: problem.status, headers: Problem.headers,
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: problem.bytes)))
    if let seconds = problem.retryAfter { response.headers[.retryAfter] = "\(seconds)" }
    if problem.status == .unauthorized { response.headers[.wwwAuthenticate] = "Bearer realm=\"quotawatch\"" }
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
