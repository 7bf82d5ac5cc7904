import FoundationEssentials
import QuotaCore

/// Who statements are from.
package struct Letterhead: Hashable, Sendable {
  package let issuer: String?
  package let logo: LetterheadPicture?

  package init(issuer: String?, logo: LetterheadPicture?) {
    self.issuer = issuer
    self.logo = logo
  }

  /// What stands above each statement. The picture is in the style, once for all of them.
  var html: String {
    let name = issuer?.escapedForHTML
    let picture =
      logo == nil ? "" : "<span class=\"logo\"\(name == nil ? " role=\"img\" aria-label=\"Logo\"" : "")></span>"
    return "<p class=\"letterhead\">\(picture)\(name ?? "")</p>\n"
  }

  var style: String {
    guard let logo else { return "" }
    return """

      .logo { display: block; width: 60mm; height: 16mm; margin-bottom: .4em; background: left center / contain no-repeat
        url("data:\(logo.mediaType);base64,\(logo.base64)"); print-color-adjust: exact; -webkit-print-color-adjust: exact; }
      """
  }
}

/// A picture that browsers show without asking anybody for anything.
package struct LetterheadPicture: Hashable, Sendable {
  let mediaType: String
  let base64: String

  /// Nil for bytes that begin like none of the formats.
  package init?(_ bytes: [UInt8]) {
    guard let mediaType = Self.mediaType(bytes) else { return nil }
    self.mediaType = mediaType
    base64 = Data(bytes).base64EncodedString()
  }

  private static func mediaType(_ bytes: [UInt8]) -> String? {
    if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) { return "image/png" }
    if bytes.starts(with: [0xFF, 0xD8, 0xFF]) { return "image/jpeg" }
    if bytes.starts(with: Array("GIF8".utf8)) { return "image/gif" }
    if bytes.starts(with: Array("RIFF".utf8)), bytes.dropFirst(8).starts(with: Array("WEBP".utf8)) {
      return "image/webp"
    }
    // In a style a drawing runs no scripts and loads nothing.
    let text = String(decoding: bytes.prefix(1_024), as: UTF8.self)
    let begin = text.drop { $0.isWhitespace || $0 == "\u{FEFF}" }
    return begin.hasPrefix("<") && text.contains("<svg") ? "image/svg+xml" : nil
  }
}
