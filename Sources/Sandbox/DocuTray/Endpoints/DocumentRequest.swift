import FoundationEssentials
import Hummingbird
import NIOCore
import QuotaCore

/// What a request to process a document holds, as far as the simulation looks at it: not the document.
struct DocumentRequest: Sendable {
  /// JSON text of an object.
  var metadata: String?
  /// What an uploaded file is called.
  var filename: String?
  /// The code of a type of documents: what a conversion is asked for, or the first that an identification may choose.
  var type: String?

  /// Why a document is refused.
  struct Refusal: Error {
    let reply: Reply

    static func documented(_ status: Int) -> Refusal { Refusal(reply: .documented(status, at: .steps)) }

    static func invalid(_ what: String) -> Refusal {
      Refusal(reply: Reply(status: 400, body: #"{"message":"Validation error","errors":["\#(what)"]}"#))
    }
  }

  /// The vendor's limit, in bytes, and how much comes on top of a document in a form or in JSON.
  private static let largestDocument = 100 << 20
  private static let mostFraming = 64 << 10

  /// Reads a body to its end without keeping a document that is uploaded.
  static func read(_ request: Request) async throws -> Result<DocumentRequest, Refusal> {
    do {
      let type = request.headers[.contentType] ?? ""
      if MediaType(type).name == "application/json" { return .success(try await json(request)) }
      guard let boundary = MediaType(type).boundary else { throw Refusal.documented(415) }
      return .success(try await form(request, boundary: boundary))
    } catch let refusal as Refusal {
      return .failure(refusal)
    }
  }

  // MARK: - A form

  private static func form(_ request: Request, boundary: String) async throws -> DocumentRequest {
    var reader = FormReader(boundary: boundary)
    var size = 0
    for try await buffer in request.body {
      size += buffer.readableBytes
      guard size <= largestDocument + mostFraming else { throw Refusal.documented(413) }
      guard reader.add(buffer.readableBytesView) else { throw Refusal.invalid("the form cannot be read") }
    }
    guard let parts = reader.parts else { throw Refusal.invalid("the form has no end") }
    func text(_ name: String) -> String? { parts.first { $0.name == name && !$0.isFile }?.text }
    guard let file = parts.first(where: { $0.name == "image" && $0.isFile }) else {
      throw Refusal.invalid("image is required")
    }
    guard file.size <= largestDocument else { throw Refusal.documented(413) }
    try check(type: file.contentType ?? text("image_content_type") ?? "")
    var document = try DocumentRequest(
      metadata: try text("document_metadata").map { try node($0, "document_metadata") },
      type: text("document_type_code"),
      options: try text("document_type_code_options").map { try node($0, "document_type_code_options") })
    document.filename = file.filename
    // As it was sent: it comes back so.
    document.metadata = text("document_metadata")
    return document
  }

  private static func node(_ text: String, _ field: String) throws(Refusal) -> JSONNode {
    guard let node = try? JSONParser.parse(Array(text.utf8)) else { throw .invalid("\(field) is no JSON") }
    return node
  }

  // MARK: - JSON

  private static func json(_ request: Request) async throws -> DocumentRequest {
    let body: [UInt8]
    do {
      body = Array(try await request.body.collect(upTo: largestDocument / 3 * 4 + mostFraming).readableBytesView)
    } catch is NIOTooManyBytesError {
      throw Refusal.documented(413)
    }
    guard let root = try? JSONParser.parse(body) else { throw Refusal.invalid("the body is no JSON") }
    let type = root["image_content_type"]?.string
    if let type { try check(type: type) }
    if let url = root["image_url"]?.string {
      guard url.hasPrefix("https://") || url.hasPrefix("http://") else {
        throw Refusal.invalid("image_url is no address")
      }
      if url.contains("://slow.invalid/") { throw Refusal.documented(408) }
    } else if let text = root["image_base64"]?.string {
      try check(base64: text, type: type)
    } else {
      throw Refusal.invalid("image_base64 or image_url is required")
    }
    return try DocumentRequest(
      metadata: root["document_metadata"], type: root["document_type_code"]?.string,
      options: root["document_type_code_options"])
  }

  /// - Parameter text: a `data:` URI, or base64 alone, where somebody has to tell the type.
  private static func check(base64 text: String, type: String?) throws(Refusal) {
    let comma = text.hasPrefix("data:") ? text.firstIndex(of: ",") : nil
    guard comma != nil || type != nil else { throw .invalid("image_content_type is required") }
    let encoded = comma.map { String(text[text.index(after: $0)...]) } ?? text
    guard let document = Data(base64Encoded: encoded), !document.isEmpty else {
      throw .invalid("image_base64 is no base64")
    }
  }

  private static func check(type: String) throws(Refusal) {
    guard DocumentFormat(rawValue: MediaType(type).name) != nil else { throw .documented(415) }
  }
}

extension DocumentRequest {
  /// - Parameter options: the codes of the types that an identification may choose from.
  fileprivate init(metadata: JSONNode?, type: String?, options: JSONNode?) throws(Refusal) {
    if let metadata {
      guard case .object = metadata.value else { throw .invalid("document_metadata is no object") }
      self.metadata = RawJSON.text(metadata)
    }
    self.type = type
    if let options {
      guard case .array(let items) = options.value, !items.isEmpty, items.allSatisfy({ $0.string != nil }) else {
        throw .invalid("document_type_code_options is no list of codes")
      }
      self.type = items.first?.string
    }
  }
}

/// Writes JSON as it was read.
enum RawJSON {
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
