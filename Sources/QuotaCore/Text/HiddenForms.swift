import FoundationEssentials

/// The forms in which another side may repeat a secret that it was sent: as it is, and as an address, JSON, HTML, a login or
/// a dump of bytes writes it, in any case.
struct HiddenForms {
  private let plain: [[Unicode.Scalar]]
  /// What is the same in base64 whatever stands before and behind the secret.
  private let base64: [[Unicode.Scalar]]

  /// A shorter secret is a word like others, and is hidden where it stands alone.
  private static let shortest = 4

  /// - Parameter texts: the secrets, not empty.
  init(of texts: [String]) {
    let long = texts.filter { $0.unicodeScalars.count >= Self.shortest }
    let forms = texts.flatMap { [$0] + Self.escaped($0) } + long.map { Self.hexadecimal(Array($0.utf8)) }
    plain = Set(forms.map { Self.lowercased(Array($0.unicodeScalars)) }).sorted { $0.count > $1.count }
    let encoded = long.flatMap { text in (0..<3).map { Self.base64(Array(text.utf8), behind: $0) } }
    base64 = Set(encoded + encoded.map(Self.forURLs)).filter { $0.count > 3 }.sorted { $0.count > $1.count }
  }

  /// The text with `‹secret›` for each of them. What is in base64 is hidden with all that it is a part of.
  func hidden(in text: [Unicode.Scalar]) -> [Unicode.Scalar] {
    var rest = text
    for form in base64 { rest = Self.replacing(form, in: rest, read: rest, widened: Self.isBase64) }
    for form in plain {
      let isShort = form.count < Self.shortest
      rest = Self.replacing(
        form, in: rest, read: Self.lowercased(rest),
        where: { before, after in !isShort || !(Self.isWordPart(before) || Self.isWordPart(after)) })
    }
    return rest
  }

  /// What another side may take a secret for that is part of an address: it may repeat what it has decoded.
  static func readings(of text: String) -> Set<String> {
    [text, PercentEncoding.decoded(text), PercentEncoding.decoded(text.replacing("+", with: " "))]
  }

  /// - Parameter read: the text as it is compared with the form, scalar for scalar.
  private static func replacing(
    _ form: [Unicode.Scalar], in text: [Unicode.Scalar], read: [Unicode.Scalar],
    widened isPart: (Unicode.Scalar) -> Bool = { _ in false },
    where isMeant: (_ before: Unicode.Scalar?, _ after: Unicode.Scalar?) -> Bool = { _, _ in true }
  ) -> [Unicode.Scalar] {
    var (result, index) = ([Unicode.Scalar](), 0)
    while index < text.count {
      let end = index + form.count
      guard end <= text.count, read[index] == form[0], read[index..<end].elementsEqual(form),
        isMeant(index > 0 ? text[index - 1] : nil, end < text.count ? text[end] : nil)
      else {
        result.append(text[index])
        index += 1
        continue
      }
      while let last = result.last, isPart(last) { result.removeLast() }
      result += Secret("").description.unicodeScalars
      index = end
      while index < text.count, isPart(text[index]) { index += 1 }
    }
    return result
  }

  private static func escaped(_ text: String) -> [String] {
    let bytes = Array(text.utf8)
    func percent(space: String) -> String {
      bytes.map { byte in
        if byte.isAlphanumeric || "-._~".utf8.contains(byte) { return String(Unicode.Scalar(byte)) }
        if byte == UInt8(ascii: " ") { return space }
        return "%" + byte.hexadecimal(digits: 2)
      }.joined()
    }
    let quoted = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    return [
      percent(space: "%20"), percent(space: "+"), quoted,
      quoted.replacing("/", with: "\\/"),
      quoted.replacing("<", with: "\\u003c").replacing(">", with: "\\u003e").replacing("&", with: "\\u0026"),
      text.escapedForHTML, text.escapedForHTML.replacing("&#39;", with: "&#x27;"),
    ].filter { $0 != text }
  }

  /// The secret's base64 where so many bytes stand before it, as far as neither these nor what follows changes it.
  private static func base64(_ bytes: [UInt8], behind count: Int) -> [Unicode.Scalar] {
    let encoded = Data(Array(repeating: 0, count: count) + bytes).base64EncodedString().unicodeScalars
    let fixed = (count + bytes.count) * 8 / 6
    return Array(encoded.prefix(fixed).dropFirst((count * 8 + 5) / 6))
  }

  /// The same in the alphabet of RFC 4648, section 5.
  private static func forURLs(_ base64: [Unicode.Scalar]) -> [Unicode.Scalar] {
    base64.map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 }
  }

  private static func hexadecimal(_ bytes: [UInt8]) -> String { bytes.map { $0.hexadecimal(digits: 2) }.joined() }

  private static func lowercased(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
    scalars.map { ("A"..."Z").contains($0) ? Unicode.Scalar(UInt8($0.value) + 32) : $0 }
  }

  private static func isBase64(_ scalar: Unicode.Scalar) -> Bool {
    isWordPart(scalar) || scalar == "+" || scalar == "/" || scalar == "="
  }

  private static func isWordPart(_ scalar: Unicode.Scalar?) -> Bool {
    scalar.map { $0.properties.isAlphabetic || $0.properties.numericType != nil } ?? false
  }
}
