import FoundationEssentials
import Glibc
import QuotaCore

/// A document on this machine, checked before anything is sent.
struct DocumentFile {
  let path: String
  /// In bytes.
  let size: Int64
  private let head: [UInt8]

  /// Looks at a file; throws what is wrong with it.
  init(_ path: String) throws {
    self.path = path
    do throws(FileFailure) {
      let file = try LocalFile(opening: path, waiting: false)
      let status = try file.status()
      guard status.st_mode & S_IFMT == S_IFREG else {
        throw FileFailure(number: status.st_mode & S_IFMT == S_IFDIR ? EISDIR : EINVAL)
      }
      size = Int64(status.st_size)
      head = try file.next(atMost: DocumentFormat.headSize)
    } catch {
      let reason = error.number == EINVAL ? "it is no ordinary file" : error.message
      throw ServiceError(.inputOutput, "\(path) cannot be read: \(reason)")
    }
    guard size > 0 else { throw ServiceError(.unsupportedType, "\(path) is empty") }
  }

  /// The document's format, told by its content.
  func format() throws -> DocumentFormat {
    try checkSize(size)
    if let format = DocumentFormat(head: head) { return format }
    let claim = DocumentFormat(name: path).map { ", though its name says \($0.contentType)" } ?? ""
    throw ServiceError(
      .unsupportedType,
      "\(path) is none of \(DocumentFormat.known) by its content\(claim); the vendor takes nothing else")
  }

  /// The document in base64, whether the file holds the document or its base64 (with or without `data:` in front).
  func base64() throws -> (text: [UInt8], format: DocumentFormat?) {
    if DocumentFormat(head: head) != nil {
      let format = try format()
      return (Array(Data(try contents()).base64EncodedData()), format)
    }
    let text = try contents().filter { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
    let comma = text.starts(with: "data:".utf8) ? text.prefix(200).firstIndex(of: UInt8(ascii: ",")) : nil
    let encoded = comma.map { text[($0 + 1)...] } ?? text[...]
    let isBase64 = encoded.allSatisfy { $0.isAlphanumeric || "+/=".utf8.contains($0) }
    guard isBase64, let document = Data(base64Encoded: Data(encoded)), let format = DocumentFormat(head: document)
    else {
      throw ServiceError(
        .unsupportedType, "\(path) is none of \(DocumentFormat.known), nor one of them in base64")
    }
    try checkSize(Int64(document.count))
    return (text, comma == nil ? format : nil)
  }

  private func contents() throws -> [UInt8] {
    // Base64 is a third longer, and may be broken into lines.
    let limit = Int(DocumentFormat.largestSize) * 3 / 2
    do throws(FileFailure) {
      return try LocalFile(opening: path, waiting: false).contents(atMost: limit)
    } catch {
      if error.isTooLarge { throw Self.tooLarge(path, nil) }
      throw ServiceError(.inputOutput, "\(path) cannot be read: \(error.message)")
    }
  }

  private func checkSize(_ size: Int64) throws {
    guard size <= DocumentFormat.largestSize else { throw Self.tooLarge(path, size) }
  }

  private static func tooLarge(_ path: String, _ size: Int64?) -> ServiceError {
    ServiceError(
      .tooLarge,
      "\(path) is too large\(size.map { " (\($0.grouped) bytes)" } ?? ""): the vendor takes up to \(DocumentFormat.largestSize.grouped) bytes"
    )
  }
}
