import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore

/// What went wrong, as RFC 9457 says it.
struct Problem: Encodable {
  let type = "about:blank"
  let title: String
  let status: Int
  let detail: String?
}

extension Response {
  /// - Parameter detail: one line: what is wrong and what to do.
  static func problem(_ status: HTTPResponse.Status, _ detail: String? = nil) -> Response {
    let problem = Problem(title: status.reasonPhrase, status: status.code, detail: detail)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let text = (try? encoder.encode(problem)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    return Response(
      status: status, headers: [.contentType: "application/problem+json"],
      body: ResponseBody(byteBuffer: ByteBuffer(string: text + "\n")))
  }

  static func text(_ text: String, type: String = "text/plain; charset=utf-8") -> Response {
    Response(status: .ok, headers: [.contentType: type], body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
  }
}
