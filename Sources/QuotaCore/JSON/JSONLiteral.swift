/// JSON that the program writes; the members of objects keep their order.
package indirect enum JSONLiteral: Sendable, Equatable {
  case null
  case boolean(Bool)
  /// A number as it is to be written.
  case number(String)
  case text(String)
  case list([JSONLiteral])
  case object([Member])

  package struct Member: Sendable, Equatable {
    package let name: String
    package let value: JSONLiteral

    package init(_ name: String, _ value: JSONLiteral) {
      self.name = name
      self.value = value
    }
  }

  /// On one line.
  package var line: String {
    switch self {
    case .list(let items): "[\(items.map(\.line).joined(separator: ", "))]"
    case .object(let members):
      "{\(members.map { "\(Self.quoted($0.name)): \($0.value.line)" }.joined(separator: ", "))}"
    default: scalar
    }
  }

  /// With a member or item a line; lists of plain values stay on theirs.
  package func indented(by depth: Int = 0) -> String {
    let (outer, inner) = (String(repeating: " ", count: depth), String(repeating: " ", count: depth + 2))
    func lines(_ parts: [String]) -> String { inner + parts.joined(separator: ",\n\(inner)") }
    switch self {
    case .object(let members) where !members.isEmpty:
      return "{\n\(lines(members.map { "\(Self.quoted($0.name)): \($0.value.indented(by: depth + 2))" }))\n\(outer)}"
    case .list(let items) where items.contains(where: \.isCompound):
      return "[\n\(lines(items.map { $0.indented(by: depth + 2) }))\n\(outer)]"
    default: return line
    }
  }

  private var isCompound: Bool {
    switch self {
    case .object, .list: true
    default: false
    }
  }

  private var scalar: String {
    switch self {
    case .boolean(let flag): flag ? "true" : "false"
    case .number(let text): text
    case .text(let text): Self.quoted(text)
    case .null, .list, .object: "null"
    }
  }

  /// A text with what JSON escapes, and what could deceive who reads it, escaped; everything else beyond ASCII stays.
  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += #"\""#
      case "\\": quoted += #"\\"#
      case "\n": quoted += #"\n"#
      case "\t": quoted += #"\t"#
      case _ where scalar.isDeceptive: quoted += scalar.jsonEscape
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}

extension JSONLiteral: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  package init(stringLiteral text: String) { self = .text(text) }
  package init(integerLiteral number: Int64) { self = .number(String(number)) }
  package init(booleanLiteral flag: Bool) { self = .boolean(flag) }
  package init(arrayLiteral items: JSONLiteral...) { self = .list(items) }
  package init(dictionaryLiteral members: (String, JSONLiteral)...) {
    self = .object(members.map { Member($0, $1) })
  }
}
