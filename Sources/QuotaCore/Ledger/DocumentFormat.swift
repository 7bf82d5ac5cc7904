/// A document's format, as the vendor takes it.
package enum DocumentFormat: String, Hashable, CaseIterable, Sendable {
  case jpeg = "image/jpeg"
  case png = "image/png"
  case gif = "image/gif"
  case bmp = "image/bmp"
  case webp = "image/webp"
  case pdf = "application/pdf"

  /// As a `Content-Type` names it.
  package var contentType: String { rawValue }

  /// How many bytes of a document's beginning are needed to tell its format. A PDF may have other bytes in front
  /// (ISO 32000-1, implementation note 13).
  package static let headSize = 1_024

  /// The most that the vendor takes, in bytes. It says "100 MB"; read generously, since it is the one who refuses.
  package static let largestSize: Int64 = 100 << 20

  /// Tells the format by a document's first bytes; nil for one that the vendor does not take.
  package init?(head: some Sequence<UInt8>) {
    let bytes = Array(head.prefix(Self.headSize))
    if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
      self = .jpeg
    } else if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
      self = .png
    } else if bytes.starts(with: "GIF87a".utf8) || bytes.starts(with: "GIF89a".utf8) {
      self = .gif
    } else if bytes.starts(with: "RIFF".utf8), bytes.count >= 12, bytes[8..<12].elementsEqual("WEBP".utf8) {
      self = .webp
    } else if bytes.starts(with: "BM".utf8), bytes.count >= 14, bytes[6..<10].allSatisfy({ $0 == 0 }) {
      self = .bmp
    } else if bytes.contains("%PDF-".utf8) {
      self = .pdf
    } else {
      return nil
    }
  }

  /// Tells the format by the end of a file's name or an address's path; nil if that says nothing.
  package init?(name: String) {
    switch name.split(separator: ".", omittingEmptySubsequences: false).dropFirst().last?.lowercased() {
    case "jpg", "jpeg": self = .jpeg
    case "png": self = .png
    case "gif": self = .gif
    case "bmp": self = .bmp
    case "webp": self = .webp
    case "pdf": self = .pdf
    default: return nil
    }
  }

  /// For messages: what the vendor takes.
  package static let known = "JPEG, PNG, GIF, BMP, WebP and PDF"
}
