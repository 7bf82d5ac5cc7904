import FoundationEssentials
import QuotaCore

/// What a service has said, as a channel's table of answers looks at it.
struct ServiceAnswer {
  let status: Int
  let response: TransportResponse
  /// The body without a byte order mark and the blanks around it; bytes that are not UTF-8 become `�`.
  let text: String
  /// The body as JSON; nil if it is none.
  let json: JSONNode?

  init(_ response: TransportResponse) {
    self.response = response
    status = response.status
    text = Self.trimmed(String(decoding: response.body, as: UTF8.self))
    json = try? JSONParser.parse(Array(text.utf8))
  }

  private static func trimmed(_ text: String) -> String {
    let isBlank = { (scalar: Unicode.Scalar) in
      scalar == "\u{FEFF}" || scalar == "\u{0}" || scalar.properties.isWhitespace
    }
    let scalars = text.unicodeScalars
    return String(String.UnicodeScalarView(scalars.drop(while: isBlank).reversed().drop(while: isBlank).reversed()))
  }

  /// Whether the body is a page for a browser: of a gateway, a login or a captive portal.
  var isPage: Bool {
    guard text.first == "<" else { return false }
    let beginning = text.prefix(4_096).lowercased()
    return ["<!doctype html", "<html", "<head", "<body", "<title", "<script", "<meta"].contains {
      beginning.contains($0)
    }
  }

  /// Whether the answer says that it is a page. Some services say so of all that they answer.
  var claimsToBePage: Bool {
    let type = response.header("content-type")?.lowercased() ?? ""
    return !text.isEmpty && json == nil && (type.hasPrefix("text/html") || type.hasPrefix("application/xhtml"))
  }

  /// Whether the text, or a value of the JSON, holds one of some words by itself and in any case: `10015` is not in
  /// `"id": 410015`.
  func holds(_ words: [String]) -> Bool {
    let lowercased = (json.map(Self.values)?.joined(separator: "\n") ?? text).lowercased()
    return words.contains { word in
      lowercased.ranges(of: word.lowercased()).contains { range in
        let before = range.lowerBound == lowercased.startIndex ? nil : lowercased[..<range.lowerBound].last
        let after = range.upperBound == lowercased.endIndex ? nil : lowercased[range.upperBound...].first
        return !Self.isPartOfWord(before) && !Self.isPartOfWord(after)
      }
    }
  }

  private static func values(_ node: JSONNode) -> [String] {
    switch node.value {
    case .string(let text), .number(let text): [text]
    case .array(let items): items.flatMap(values)
    case .object(let members): members.flatMap { values($0.node) }
    case .null, .boolean: []
    }
  }

  private static func isPartOfWord(_ character: Character?) -> Bool {
    character.map { $0 == "_" || $0.isLetter || $0.isNumber } ?? false
  }

  /// The host that a redirect leads to, without path and secrets; nil where it stays on the same host or says nothing.
  var redirection: String? { response.header("location").flatMap { WebAddress.host(of: $0) } }
}
