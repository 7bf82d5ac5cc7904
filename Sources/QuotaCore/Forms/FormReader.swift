import Glibc

/// Reads a form (`multipart/form-data`, RFC 7578) as it arrives, its parts in any order.
package struct FormReader {
  package struct Part {
    package let name: String
    /// As the sender calls it; nil for a text.
    package let filename: String?
    /// Nil if the sender tells none.
    package let contentType: String?
    /// Nil for a file, and for a text that is too long or no UTF-8.
    package var text: String? {
      isFile || size > FormReader.longestText ? nil : String(validating: bytes, as: UTF8.self)
    }
    /// In bytes.
    package fileprivate(set) var size = 0
    /// None of a file, unless files are kept.
    package fileprivate(set) var bytes: [UInt8] = []

    package var isFile: Bool { filename != nil || contentType != nil }
  }

  private enum Place {
    /// Before the first part.
    case preamble
    /// Behind a delimiter.
    case delimiter
    case headers
    case content(Part)
    /// Behind the last part.
    case epilogue
  }

  /// In bytes, of a field that is no file, and of a part's headers.
  private static let longestText = 64 << 10
  private static let longestHeaders = 16 << 10
  private static let blank: [UInt8] = [0x20, 0x09]

  /// The parts; nil if the form has not come to its end.
  package var parts: [Part]? { if case .epilogue = place { finished } else { nil } }

  private let separator: [UInt8]
  private let keepsFiles: Bool
  private var place = Place.preamble
  /// What has arrived and is not read: it begins as if a line had ended before the form.
  private var pending = Array("\r\n".utf8)
  private var finished: [Part] = []

  /// - Parameter keepsFiles: whether what is in a file is kept.
  package init(boundary: String, keepsFiles: Bool = false) {
    self.keepsFiles = keepsFiles
    separator = Array("\r\n--\(boundary)".utf8)
  }

  /// Reads on; false where it is no form.
  package mutating func add(_ bytes: some Sequence<UInt8>) -> Bool {
    pending += bytes
    while true {
      switch step() {
      case .goesOn: continue
      case .needsMore: return true
      case .isWrong: return false
      }
    }
  }

  private enum Progress {
    case goesOn
    case needsMore
    case isWrong
  }

  private mutating func step() -> Progress {
    switch place {
    case .preamble:
      guard let separator = find(separator) else {
        keep(last: self.separator.count - 1)
        return .needsMore
      }
      drop(separator.upperBound)
      place = .delimiter
      return .goesOn
    case .delimiter: return afterDelimiter()
    case .headers: return headers()
    case .content(var part):
      let end = find(separator)
      let count = end?.lowerBound ?? max(0, pending.count - separator.count + 1)
      part.size += count
      if part.isFile ? keepsFiles : part.size <= Self.longestText { part.bytes += pending.prefix(count) }
      drop(end?.upperBound ?? count)
      place = end == nil ? .content(part) : .delimiter
      if end != nil { finished.append(part) }
      return end == nil ? .needsMore : .goesOn
    case .epilogue:
      pending = []
      return .needsMore
    }
  }

  private mutating func afterDelimiter() -> Progress {
    let blanks = pending.prefix { Self.blank.contains($0) }.count
    guard pending.count >= blanks + 2 else { return blanks > Self.longestHeaders ? .isWrong : .needsMore }
    switch (pending[blanks], pending[blanks + 1]) {
    case (0x0D, 0x0A):
      // The headers end with an empty line, also where there are none: its beginning is left for them.
      drop(blanks)
      place = .headers
    case (0x2D, 0x2D) where blanks == 0: place = .epilogue
    default: return .isWrong
    }
    return .goesOn
  }

  private mutating func headers() -> Progress {
    guard let end = find(Array("\r\n\r\n".utf8)) else {
      return pending.count > Self.longestHeaders ? .isWrong : .needsMore
    }
    let lines = String(decoding: pending.prefix(end.lowerBound), as: UTF8.self).split(separator: "\r\n")
    func header(_ name: String) -> String? {
      lines.first { $0.lowercased().hasPrefix(name + ":") }.map { String($0.dropFirst(name.count + 1)) }
    }
    let disposition = MediaType(header("content-disposition") ?? "")
    guard disposition.name == "form-data", let name = disposition["name"] else { return .isWrong }
    drop(end.upperBound)
    place = .content(Part(name: name, filename: disposition.filename, contentType: header("content-type")))
    return .goesOn
  }

  /// Where a text stands in what is pending. It begins with a line break, so that few places come into question.
  private func find(_ text: [UInt8]) -> Range<Int>? {
    pending.withUnsafeBytes { bytes in
      text.withUnsafeBytes { text in
        guard let start = bytes.baseAddress, let wanted = text.baseAddress else { return nil }
        var place = 0
        while place + text.count <= bytes.count,
          let found = memchr(start + place, Int32(text[0]), bytes.count - place - text.count + 1)
        {
          place = UnsafeRawPointer(found) - start
          if memcmp(found, wanted, text.count) == 0 { return place..<(place + text.count) }
          place += 1
        }
        return nil
      }
    }
  }

  private mutating func drop(_ count: Int) { pending.removeFirst(count) }

  private mutating func keep(last count: Int) { drop(max(0, pending.count - count)) }
}
