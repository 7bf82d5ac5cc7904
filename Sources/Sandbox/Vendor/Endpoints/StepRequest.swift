import FoundationEssentials
import Hummingbird
import NIOCore
import QuotaCore

/// What a request to execute a step holds, as far as the simulation looks at it: not the document.
struct StepRequest: Sendable {
  /// JSON text of an object.
  let metadata: String?
  /// What an uploaded file is called.
  var filename: String?

  /// The vendor's limit, in bytes, and how much comes on top of a document in a form.
  private static let largestDocument = 100 << 20
  private static let mostFraming = 64 << 10

  /// Reads a body to its end without keeping a document that is uploaded.
  static func read(_ request: Request) async throws -> Result<StepRequest, StepEndpoint.Refusal> {
    let type = request.headers[.contentType] ?? ""
    if type.hasPrefix("application/json") { return try await json(request) }
    guard type.hasPrefix("multipart/form-data; boundary=") else { return refused(.documented(415, at: .steps)) }
    return try await form(request, boundary: String(type.dropFirst("multipart/form-data; boundary=".count)))
  }

  private static func refused(_ reply: Reply) -> Result<StepRequest, StepEndpoint.Refusal> {
    .failure(StepEndpoint.Refusal(reply: reply))
  }

  private static func invalid(_ what: String) -> Result<StepRequest, StepEndpoint.Refusal> {
    refused(Reply(status: 400, body: #"{"message":"Validation error","errors":["\#(what)"]}"#))
  }

  // MARK: - A form

  private static func form(
    _ request: Request, boundary: String
  ) async throws -> Result<StepRequest, StepEndpoint.Refusal> {
    var head: [UInt8] = []
    var tail: [UInt8] = []
    var size = 0
    for try await buffer in request.body {
      size += buffer.readableBytes
      guard size <= largestDocument + mostFraming else { return refused(.documented(413, at: .steps)) }
      let bytes = Array(buffer.readableBytesView)
      if head.count < 4_096 { head += bytes.prefix(4_096 - head.count) }
      tail = Array((tail + bytes).suffix(mostFraming))
    }
    let start = String(decoding: head, as: UTF8.self)
    guard let headers = start.firstRange(of: "\r\n\r\n").map({ start[..<$0.lowerBound] }),
      start.hasPrefix("--\(boundary)\r\n"), headers.contains("name=\"image\"")
    else { return invalid("image is required") }
    let types = DocumentFormat.allCases.map { "Content-Type: \($0.contentType)" }
    guard headers.split(separator: "\r\n").contains(where: { types.contains(String($0)) }) else {
      return refused(.documented(415, at: .steps))
    }
    let end = String(decoding: tail, as: UTF8.self)
    guard end.hasSuffix("--\(boundary)--\r\n") else { return invalid("the form has no end") }
    return metadata(in: end, boundary: boundary).map { StepRequest(metadata: $0.metadata, filename: filename(headers)) }
  }

  /// In the headers of the part that the file is in.
  private static func filename(_ headers: Substring) -> String? {
    guard let start = headers.firstRange(of: "filename=\"")?.upperBound else { return nil }
    return headers[start...].firstIndex(of: "\"").map { String(headers[start..<$0]) }
  }

  private static func metadata(
    in end: String, boundary: String
  ) -> Result<StepRequest, StepEndpoint.Refusal> {
    let marker = "Content-Disposition: form-data; name=\"document_metadata\"\r\n\r\n"
    guard let start = end.firstRange(of: marker)?.upperBound else { return .success(StepRequest(metadata: nil)) }
    let rest = end[start...]
    guard let stop = rest.firstRange(of: "\r\n--\(boundary)")?.lowerBound else { return invalid("the form has no end") }
    let text = String(rest[..<stop])
    guard case .object? = (try? JSONParser.parse(Array(text.utf8)))?.value else {
      return invalid("document_metadata is no JSON object")
    }
    return .success(StepRequest(metadata: text))
  }

  // MARK: - JSON

  private static func json(_ request: Request) async throws -> Result<StepRequest, StepEndpoint.Refusal> {
    let body: [UInt8]
    do {
      body = Array(try await request.body.collect(upTo: largestDocument / 3 * 4 + mostFraming).readableBytesView)
    } catch is NIOTooManyBytesError {
      return refused(.documented(413, at: .steps))
    }
    guard let root = try? JSONParser.parse(body) else { return invalid("the body is no JSON") }
    let type = root["image_content_type"]?.string
    guard type.map({ DocumentFormat(rawValue: $0) != nil }) ?? true else {
      return refused(.documented(415, at: .steps))
    }
    if let url = root["image_url"]?.string {
      guard url.hasPrefix("https://") || url.hasPrefix("http://") else { return invalid("image_url is no address") }
      if url.contains("://slow.invalid/") { return refused(.documented(408, at: .steps)) }
    } else if let text = root["image_base64"]?.string {
      let comma = text.hasPrefix("data:") ? text.firstIndex(of: ",") : nil
      let encoded = comma.map { String(text[text.index(after: $0)...]) } ?? text
      guard comma != nil || type != nil else { return invalid("image_content_type is required") }
      guard let document = Data(base64Encoded: encoded), !document.isEmpty else {
        return invalid("image_base64 is no base64")
      }
    } else {
      return invalid("image_base64 or image_url is required")
    }
    guard let node = root["document_metadata"] else { return .success(StepRequest(metadata: nil)) }
    guard case .object = node.value else { return invalid("document_metadata is no object") }
    return .success(StepRequest(metadata: JSONText.text(node)))
  }
}

/// Writes JSON as it was read.
enum JSONText {
  static func text(_ node: JSONNode) -> String {
    switch node.value {
    case .null: "null"
    case .boolean(let flag): String(flag)
    case .number(let text): text
    case .string(let text): quoted(text)
    case .array(let items): "[" + items.map(text).joined(separator: ",") + "]"
    case .object(let members):
      "{" + members.map { quoted($0.name) + ":" + text($0.node) }.joined(separator: ",") + "}"
    }
  }

  static func quoted(_ text: String) -> String {
    (try? JSONEncoder().encode(text)).map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
  }
}
