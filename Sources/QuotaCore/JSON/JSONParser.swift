/// A strict parser for RFC 8259: no trailing commas, no comments, no duplicate names, nothing after the value.
///
/// Foundation's decoder accepts trailing commas, takes the first of duplicate names and does not tell positions;
/// see `docs/decisions/0002-strict-json.md`.
package struct JSONParser {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var index = 0
  /// The offset of the first byte.
  private let base: Int
  /// The same bytes, for lists that are kept as their text, and how many values those have.
  private let text: [UInt8]
  private let long: Int
  private var depth = 0

  /// How deeply arrays and objects may be nested.
  private static let maximumDepth = 64

  private init(_ bytes: UnsafeBufferPointer<UInt8>, _ base: Int, _ text: [UInt8], long: Int = .max) {
    self.bytes = bytes
    self.base = base
    self.text = text
    self.long = long
  }

  /// Parses a whole text.
  ///
  /// - Parameters:
  ///   - base: the offset of the first byte, for a text that stands among others.
  ///   - long: from how many values on a list is kept as its text, see ``JSONList``; at least 1.
  package static func parse(
    _ bytes: [UInt8], from base: Int = 0, keepingListsFrom long: Int = .max
  ) throws(JSONSyntaxError) -> JSONNode {
    let result = bytes.withUnsafeBufferPointer { buffer -> Result<JSONNode, JSONSyntaxError> in
      var parser = JSONParser(buffer, base, bytes, long: long)
      do throws(JSONSyntaxError) {
        return .success(try parser.document())
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  /// One value of a text that was parsed before; null where there is none, which its reader reports.
  ///
  /// - Parameter offset: where in the bytes it begins.
  static func value(in bytes: [UInt8], at offset: Int, from base: Int) -> JSONNode {
    bytes.withUnsafeBufferPointer { buffer in
      var parser = JSONParser(buffer, base, bytes)
      parser.index = offset
      return (try? parser.value()) ?? JSONNode(.null, offset: base + offset)
    }
  }

  private mutating func document() throws(JSONSyntaxError) -> JSONNode {
    // A mark, or a NUL byte beside the first character, as nothing else that is meant to be JSON has it.
    let (first, second) = (bytes.first, bytes.dropFirst().first)
    if (first, second) == (0xFF, 0xFE) || (first, second) == (0xFE, 0xFF) || first == 0 || second == 0 {
      throw failure("the text is UTF-16; save it as UTF-8", at: 0)
    }
    skipSpace()
    let node = try value()
    skipSpace()
    guard index == bytes.count else { throw failure("unexpected text after the end of the JSON value") }
    return node
  }

  private func failure(_ message: String, at offset: Int? = nil) -> JSONSyntaxError {
    if offset == nil, let scalar = invisible {
      return JSONSyntaxError(
        message: "\(InvisibleCharacter.name(scalar)) stands here, which nobody sees; remove it", offset: base + index)
    }
    return JSONSyntaxError(message: message.withoutInvisible, offset: base + (offset ?? index))
  }

  /// What stands here, if it is a character beyond ASCII that nobody sees.
  private var invisible: Unicode.Scalar? {
    guard let byte = current, byte >= 0x80 else { return nil }
    let scalar = String(decoding: bytes[index..<min(index + 4, bytes.count)], as: UTF8.self).unicodeScalars.first
    return scalar.flatMap { InvisibleCharacter.isInvisible($0) ? $0 : nil }
  }

  private var current: UInt8? { index < bytes.count ? bytes[index] : nil }

  private mutating func skipSpace() {
    while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { index += 1 }
  }

  private mutating func value() throws(JSONSyntaxError) -> JSONNode {
    let start = base + index
    switch current {
    case UInt8(ascii: "{"): return JSONNode(.object(try object()), offset: start)
    case UInt8(ascii: "["): return JSONNode(.array(try array()), offset: start)
    case UInt8(ascii: "\""): return JSONNode(.string(try string()), offset: start)
    case UInt8(ascii: "t"): return try word("true", .boolean(true))
    case UInt8(ascii: "f"): return try word("false", .boolean(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case nil: throw failure("the text ends where a value is expected")
    case .some(let byte) where byte == UInt8(ascii: "-") || byte.isDigit:
      return JSONNode(.number(try number()), offset: start)
    default: throw failure("expected a value")
    }
  }

  private mutating func word(_ word: StaticString, _ value: JSONNode.Value) throws(JSONSyntaxError) -> JSONNode {
    let start = index
    let length = word.utf8CodeUnitCount
    guard index + length <= bytes.count,
      (0..<length).allSatisfy({ bytes[start + $0] == word.utf8Start[$0] })
    else { throw failure("expected a value; did you mean \(word)?") }
    index += length
    return JSONNode(value, offset: base + start)
  }

  private mutating func enter() throws(JSONSyntaxError) {
    depth += 1
    guard depth <= Self.maximumDepth else { throw failure("nested more than \(Self.maximumDepth) levels deep") }
    index += 1
    skipSpace()
  }

  private mutating func object() throws(JSONSyntaxError) -> [JSONMember] {
    try enter()
    defer { depth -= 1 }
    var members: [JSONMember] = []
    var names: Set<String> = []
    if current == UInt8(ascii: "}") {
      index += 1
      return members
    }
    while true {
      let nameOffset = index
      guard current == UInt8(ascii: "\"") else {
        throw failure(
          current == UInt8(ascii: "}") ? "a comma before } is not allowed" : "expected a name in double quotes")
      }
      let name = try string()
      guard isNew(name, among: members, &names) else { throw failure("\"\(name)\" stands here twice", at: nameOffset) }
      skipSpace()
      guard current == UInt8(ascii: ":") else { throw failure("expected : after \"\(name)\"") }
      index += 1
      skipSpace()
      members.append(JSONMember(name: name, nameOffset: base + nameOffset, node: try value()))
      guard try anotherItem(before: UInt8(ascii: "}"), "}") else { return members }
    }
  }

  /// Few names are faster gone through than hashed.
  private func isNew(_ name: String, among members: [JSONMember], _ names: inout Set<String>) -> Bool {
    guard members.count >= 16 else { return !members.contains { $0.name == name } }
    if names.isEmpty { names = Set(members.map(\.name)) }
    return names.insert(name).inserted
  }

  private mutating func array() throws(JSONSyntaxError) -> JSONList {
    try enter()
    defer { depth -= 1 }
    var items: [JSONNode] = []
    if current == UInt8(ascii: "]") {
      index += 1
      return JSONList(items)
    }
    while true {
      guard current != UInt8(ascii: "]") else { throw failure("a comma before ] is not allowed") }
      items.append(try value())
      if items.count == long { return try rest(ofListAfter: consume items) }
      guard try anotherItem(before: UInt8(ascii: "]"), "]") else { return JSONList(items) }
    }
  }

  /// What follows in a long list, of which nothing is kept but where its values begin.
  private mutating func rest(ofListAfter items: consuming [JSONNode]) throws(JSONSyntaxError) -> JSONList {
    var starts = items.map { UInt32($0.offset - base) }
    _ = consume items
    while try anotherItem(before: UInt8(ascii: "]"), "]") {
      guard current != UInt8(ascii: "]") else { throw failure("a comma before ] is not allowed") }
      starts.append(UInt32(index))
      _ = try value()
    }
    return JSONList(count: starts.count) { [text, base, starts] in Self.value(in: text, at: Int(starts[$0]), from: base)
    }
  }

  /// Passes the comma before the next item, or the closing bracket (then false).
  private mutating func anotherItem(before end: UInt8, _ name: String) throws(JSONSyntaxError) -> Bool {
    skipSpace()
    switch current {
    case UInt8(ascii: ","):
      index += 1
      skipSpace()
      return true
    case end:
      index += 1
      return false
    default: throw failure("expected , or \(name)")
    }
  }

  private mutating func number() throws(JSONSyntaxError) -> String {
    let start = index
    if current == UInt8(ascii: "-") { index += 1 }
    if current == UInt8(ascii: "0") {
      index += 1
      if let byte = current, byte.isDigit { throw failure("a number must not start with 0", at: start) }
    } else {
      try digits()
    }
    if current == UInt8(ascii: ".") {
      index += 1
      try digits()
    }
    if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
      index += 1
      if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { index += 1 }
      try digits()
    }
    return String(decoding: bytes[start..<index], as: UTF8.self)
  }

  private mutating func digits() throws(JSONSyntaxError) {
    let start = index
    while let byte = current, byte.isDigit { index += 1 }
    guard index > start else { throw failure("expected a digit") }
  }
}

// MARK: - Strings

extension JSONParser {
  private mutating func string() throws(JSONSyntaxError) -> String {
    let opening = index
    index += 1
    let start = index
    while let byte = current, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { index += 1 }
    var text = try decoded(start..<index)
    while true {
      switch current {
      case nil: throw failure("the text ends inside a string that starts here", at: opening)
      case UInt8(ascii: "\""):
        index += 1
        return text
      case UInt8(ascii: "\\"):
        text.unicodeScalars.append(try escape())
      case .some(let byte) where byte < 0x20:
        throw failure("a control character in a string must be escaped")
      default:
        let start = index
        while let byte = current, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { index += 1 }
        text += try decoded(start..<index)
      }
    }
  }

  private func decoded(_ range: Range<Int>) throws(JSONSyntaxError) -> String {
    let part = bytes[range]
    // Most of what there is needs no closer look.
    if part.allSatisfy({ $0 < 0x80 }) { return String(decoding: part, as: UTF8.self) }
    guard let text = String(validating: part, as: UTF8.self) else {
      throw failure("the text is not valid UTF-8", at: range.lowerBound)
    }
    return text
  }

  private mutating func escape() throws(JSONSyntaxError) -> Unicode.Scalar {
    let start = index
    index += 2
    switch start + 1 < bytes.count ? bytes[start + 1] : 0 {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try unicodeEscape(from: start)
    default: throw failure("unknown escape in a string", at: start)
    }
  }

  private mutating func unicodeEscape(from start: Int) throws(JSONSyntaxError) -> Unicode.Scalar {
    let first = try hexadecimal(from: start)
    if let scalar = Unicode.Scalar(first) { return scalar }
    // A high surrogate has to be followed by a low one.
    guard first < 0xDC00, index + 1 < bytes.count, bytes[index] == UInt8(ascii: "\\"),
      bytes[index + 1] == UInt8(ascii: "u")
    else { throw failure("half of a surrogate pair", at: start) }
    index += 2
    let second = try hexadecimal(from: start)
    guard (0xDC00...0xDFFF).contains(second),
      let scalar = Unicode.Scalar(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00))
    else { throw failure("half of a surrogate pair", at: start) }
    return scalar
  }

  private mutating func hexadecimal(from start: Int) throws(JSONSyntaxError) -> UInt32 {
    guard index + 4 <= bytes.count else { throw failure("\\u needs four hexadecimal digits", at: start) }
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let digit = Character(Unicode.Scalar(bytes[index])).hexDigitValue else {
        throw failure("\\u needs four hexadecimal digits", at: start)
      }
      value = value << 4 | UInt32(digit)
      index += 1
    }
    return value
  }
}
