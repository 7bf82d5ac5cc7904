import FoundationEssentials
import QuotaCore

/// The form in which a document is uploaded: the file in the field `image`, also if it is a PDF.
enum StepForm {
  /// The vendor gets a name of ours: a file's own name may say more than it should.
  static func form(
    path: String, format: DocumentFormat, metadata: [UInt8]?,
    _ progress: @escaping @Sendable (_ sent: Int64, _ total: Int64) -> Void
  ) -> MultipartForm {
    let name = path.split(separator: "/").last.map(String.init) ?? "document"
    var parts = [
      MultipartForm.Part(field: "image", content: .file(path: path, name: name), contentType: format.contentType)
    ]
    if let metadata {
      parts.append(
        MultipartForm.Part(field: "document_metadata", content: .text(String(decoding: metadata, as: UTF8.self))))
    }
    return MultipartForm(parts: parts, progress: progress)
  }
}

/// The JSON bodies of the two other ways to send a document.
enum StepBody {
  static func base64(_ text: [UInt8], _ format: DocumentFormat?, _ metadata: [UInt8]?) -> [UInt8] {
    var body = Array(#"{"image_base64":""#.utf8)
    body.reserveCapacity(text.count + (metadata?.count ?? 0) + 128)
    body += text
    body.append(UInt8(ascii: "\""))
    return end(body, format, metadata)
  }

  static func url(_ url: String, _ format: DocumentFormat?, _ metadata: [UInt8]?) -> [UInt8] {
    let quoted = (try? JSONEncoder().encode(url)).map { Array($0) } ?? Array("\"\"".utf8)
    return end(Array(#"{"image_url":"#.utf8) + quoted, format, metadata)
  }

  private static func end(_ beginning: [UInt8], _ format: DocumentFormat?, _ metadata: [UInt8]?) -> [UInt8] {
    var body = beginning
    if let format { body += Array(#","image_content_type":"\#(format.contentType)""#.utf8) }
    if let metadata { body += Array(#","document_metadata":"#.utf8) + metadata }
    body.append(UInt8(ascii: "}"))
    return body
  }
}
