import Crypto
import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore

extension Response {
  /// This answer with an `ETag` of its bytes, or 304 to a client that has these.
  ///
  /// - Parameter text: what the body is.
  static func tagged(_ text: String, type: String, for request: Request) -> Response {
    let digest = SHA256.hash(data: Data(text.utf8)).prefix(16)
    let tag = "\"\(HexadecimalCode.text(digest))\""
    let known = request.headers[.ifNoneMatch]?.split(separator: ",").map { part in
      let tag = part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()
      return tag.starts(with: "W/") ? String(tag.dropFirst(2)) : String(tag)
    }
    guard known?.contains(where: { $0 == tag || $0 == "*" }) == true else {
      var response = Response.text(text, type: type)
      response.headers[.eTag] = tag
      return response
    }
    return Response(status: .notModified, headers: [.eTag: tag])
  }
}
