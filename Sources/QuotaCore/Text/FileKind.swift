/// What a file is that has no text in it which could be read, told by its first bytes.
enum FileKind {
  case pdf
  case oldWorkbook
  case gzip
  case openDocument
  /// A ZIP archive, as workbooks of Office Open XML are.
  case archive
  /// XML or HTML.
  case markup

  /// Nil for what may be a text.
  init?(_ bytes: [UInt8]) {
    let starts: [([UInt8], FileKind)] = [
      (Array("%PDF".utf8), .pdf), ([0xD0, 0xCF, 0x11, 0xE0], .oldWorkbook), ([0x1F, 0x8B], .gzip),
      (Array("PK\u{3}\u{4}".utf8), .archive),
    ]
    if let found = starts.first(where: { bytes.starts(with: $0.0) }) {
      // The first member of an OpenDocument archive says what it is.
      let mark = "mimetypeapplication/vnd.oasis.opendocument".utf8
      self = found.1 == .archive && bytes.dropFirst(30).starts(with: mark) ? .openDocument : found.1
      return
    }
    guard bytes.prefix(256).first(where: { $0 > 0x20 && $0 < 0x7F }) == UInt8(ascii: "<") else { return nil }
    self = .markup
  }
}
