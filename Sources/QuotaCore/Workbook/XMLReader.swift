/// Reads XML as far as files of Office Open XML need it: elements, attributes and text, one after the other.
///
/// Stricter than the standard: no document type, so that nothing can be declared that grows or is loaded from elsewhere.
/// Prefixes of names are left out.
struct XMLReader {
  enum Token: Equatable {
    case start(name: String, attributes: [String: String])
    case end(name: String)
    case text(String)
  }

  /// Why bytes are not such a text.
  struct Problem: Error {
    let message: String
  }

  private let bytes: [UInt8]
  private var index = 0
  /// The element that was empty and whose end is still to be told.
  private var pendingEnd: String?
  private var open: [String] = []

  /// How deeply elements may be nested.
  private static let maximumDepth = 64

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
  }

  /// The next token; nil at the end of the text.
  mutating func next() throws(Problem) -> Token? {
    if let name = pendingEnd {
      pendingEnd = nil
      return .end(name: name)
    }
    while index < bytes.count {
      guard bytes[index] == UInt8(ascii: "<") else {
        let start = index
        index = bytes[index...].firstIndex(of: UInt8(ascii: "<")) ?? bytes.count
        if open.isEmpty { continue }
        return .text(try text(start..<index))
      }
      if starts(with: "<?") {
        try skip(past: "?>")
      } else if starts(with: "<!--") {
        try skip(past: "-->")
      } else if starts(with: "<![CDATA[") {
        let start = index + 9
        try skip(past: "]]>")
        return .text(String(decoding: bytes[start..<(index - 3)], as: UTF8.self))
      } else if starts(with: "<!") {
        throw Problem(message: "it declares a document type")
      } else if starts(with: "</") {
        return .end(name: try endTag())
      } else {
        return try startTag()
      }
    }
    guard open.isEmpty else { throw Problem(message: "it ends within <\(open.last ?? "")>") }
    return nil
  }

  private func starts(with text: StaticString) -> Bool {
    bytes[index...].starts(with: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  private mutating func skip(past text: StaticString) throws(Problem) {
    while index < bytes.count {
      if starts(with: text) {
        index += text.utf8CodeUnitCount
        return
      }
      index += 1
    }
    throw Problem(message: "it ends too early")
  }

  private mutating func endTag() throws(Problem) -> String {
    index += 2
    let name = self.name()
    skipSpaces()
    guard take(">"), open.popLast() == name else { throw Problem(message: "</\(name)> closes nothing") }
    return name
  }

  private mutating func startTag() throws(Problem) -> Token {
    index += 1
    let name = self.name()
    guard !name.isEmpty, open.count < Self.maximumDepth else {
      throw Problem(message: "it has an element without a name")
    }
    var attributes: [String: String] = [:]
    while true {
      skipSpaces()
      if take(">") {
        open.append(name)
        return .start(name: name, attributes: attributes)
      }
      if take("/") {
        guard take(">") else { throw Problem(message: "<\(name)> is not closed") }
        pendingEnd = name
        return .start(name: name, attributes: attributes)
      }
      let attribute = self.name()
      skipSpaces()
      guard !attribute.isEmpty, take("=") else { throw Problem(message: "<\(name)> is not written right") }
      skipSpaces()
      guard let quote = current, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'"),
        let end = bytes[(index + 1)...].firstIndex(of: quote)
      else { throw Problem(message: "an attribute of <\(name)> has no value") }
      attributes[attribute] = try text((index + 1)..<end)
      index = end + 1
    }
  }

  private var current: UInt8? { index < bytes.count ? bytes[index] : nil }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard current == UInt8(ascii: character) else { return false }
    index += 1
    return true
  }

  private mutating func skipSpaces() {
    while let byte = current, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { index += 1 }
  }

  /// A name without its prefix.
  private mutating func name() -> String {
    let start = index
    while let byte = current, byte.isAlphanumeric || byte >= 0x80 || "_:-.".utf8.contains(byte) { index += 1 }
    let name = String(decoding: bytes[start..<index], as: UTF8.self)
    return name.split(separator: ":").last.map(String.init) ?? name
  }

  private func text(_ range: Range<Int>) throws(Problem) -> String {
    guard let raw = String(validating: bytes[range], as: UTF8.self) else { throw Problem(message: "it is not UTF-8") }
    guard raw.utf8.contains(UInt8(ascii: "&")) else { return raw }
    var text = ""
    var rest = raw[...]
    while let start = rest.firstIndex(of: "&") {
      text += rest[..<start]
      guard let end = rest[start...].firstIndex(of: ";"), let scalar = Self.entity(rest[start..<end].dropFirst()) else {
        throw Problem(message: "it has an entity that is not known")
      }
      text.unicodeScalars.append(scalar)
      rest = rest[rest.index(after: end)...]
    }
    return text + rest
  }

  private static func entity(_ name: Substring) -> Unicode.Scalar? {
    switch name {
    case "amp": "&"
    case "lt": "<"
    case "gt": ">"
    case "quot": "\""
    case "apos": "'"
    default:
      name.hasPrefix("#x")
        ? UInt32(name.dropFirst(2), radix: 16).flatMap(Unicode.Scalar.init)
        : name.hasPrefix("#") ? UInt32(name.dropFirst()).flatMap(Unicode.Scalar.init) : nil
    }
  }
}
