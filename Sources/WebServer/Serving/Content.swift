import Crypto
import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore

/// What an address has at the moment: sent compressed to who takes that, and not at all to who has it.
struct Content: Sendable {
  let bytes: [UInt8]
  let type: String
  /// The same for the same bytes, and weak since they may be sent compressed.
  let tag: String
  private let compressed: [UInt8]?

  /// What is smaller fits into a packet as it is, in bytes.
  private static let worthwhile = 1_200

  /// - Parameter isKept: whether it is sent often, so that it is compressed once, and as well as possible.
  init(_ bytes: [UInt8], type: String, isKept: Bool = false) {
    (self.bytes, self.type) = (bytes, type)
    tag = "W/\"\(HexadecimalCode.text(SHA256.hash(data: bytes).prefix(16)))\""
    compressed = isKept && bytes.count >= Self.worthwhile ? Gzip.compress(bytes, level: 9) : nil
  }

  func response(to request: Request, status: HTTPResponse.Status = .ok) -> Response {
    var headers: HTTPFields = [.contentType: type, .eTag: tag, .vary: "Accept-Encoding"]
    if status == .ok, let known = request.headers[.ifNoneMatch], Self.matches(known, tag) {
      return Response(status: .notModified, headers: [.eTag: tag, .vary: "Accept-Encoding"])
    }
    var body = bytes
    if bytes.count >= Self.worthwhile, Self.takesGzip(request.headers[.acceptEncoding]),
      let smaller = compressed ?? Gzip.compress(bytes)
    {
      headers[.contentEncoding] = "gzip"
      body = smaller
    }
    return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
  }

  /// Whether one of the tags that a client has is this one, whether weak or strong (RFC 9110, 13.1.2).
  static func matches(_ known: String, _ tag: String) -> Bool {
    known.split(separator: ",").contains { part in
      let part = part.trimmingPrefix(while: \.isWhitespace)
      let end = part.lastIndex { !$0.isWhitespace }.map { part.index(after: $0) } ?? part.startIndex
      let text = part[..<end]
      return text == "*" || text.trimmingPrefix("W/") == tag.trimmingPrefix("W/")
    }
  }

  /// Whether a client takes gzip (RFC 9110, 12.5.3): it names it, or everything, with another weight than 0.
  static func takesGzip(_ accepted: String?) -> Bool {
    var takes = (gzip: Bool?.none, any: false)
    for part in (accepted ?? "").split(separator: ",") {
      let pieces = part.split(separator: ";").map { $0.filter { !$0.isWhitespace }.lowercased() }
      let weight = pieces.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1
      switch pieces.first {
      case "gzip", "x-gzip": takes.gzip = weight > 0
      case "*": takes.any = weight > 0
      default: break
      }
    }
    return takes.gzip ?? takes.any
  }
}
