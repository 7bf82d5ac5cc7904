/// One value of a JSON text, and where it stands in it.
///
/// Numbers keep their source text, so that no digit is lost and `1.0` can be told from `1`.
package struct JSONNode: Sendable, Equatable {
  /// What the text says here.
  package enum Value: Sendable, Equatable {
    case null
    case boolean(Bool)
    /// The number as it is written, valid by RFC 8259.
    case number(String)
    case string(String)
    case array(JSONList)
    /// The members in the order of the text; names are unique.
    case object([JSONMember])
  }

  package let value: Value
  private let place: JSONPlace
  /// The byte offset of the value's first character.
  package var offset: Int { place.offset }

  package init(_ value: Value, offset: Int) {
    self.value = value
    place = JSONPlace(offset)
  }

  /// The value of the member with this name, if this is an object that has one.
  package subscript(name: String) -> JSONNode? {
    guard case .object(let members) = value else { return nil }
    return members.first { $0.name == name }?.node
  }

  /// The path of the value that begins at a byte offset, such as `rules[0].percent`; empty for this value itself.
  package func path(to offset: Int) -> String {
    var (node, path) = (self, "")
    while node.offset < offset {
      switch node.value {
      case .array(let items) where !items.isEmpty:
        let index = max(items.partitioningIndex { $0.offset > offset } - 1, 0)
        path += "[\(index)]"
        node = items[index]
      case .object(let members) where !members.isEmpty:
        let member = members[max(members.partitioningIndex { $0.node.offset > offset } - 1, 0)]
        path += member.isPlainlyNamed ? (path.isEmpty ? "" : ".") + member.name : "[\"\(member.name)\"]"
        node = member.node
      default: return path
      }
    }
    return path
  }

  /// The number as an integer: only if it is written as one (no fraction, no exponent) and fits.
  package var integer: Int64? {
    guard case .number(let text) = value else { return nil }
    return Int64(text)
  }

  /// The text, if this is a string.
  package var string: String? {
    guard case .string(let text) = value else { return nil }
    return text
  }

  package var isObject: Bool {
    if case .object = value { true } else { false }
  }

  package var isList: Bool {
    if case .array = value { true } else { false }
  }

  package var isNumber: Bool {
    if case .number = value { true } else { false }
  }

  /// What kind of value this is, in words for an error message.
  package var kind: String {
    switch value {
    case .null: "null"
    case .boolean: "true or false"
    case .number: "a number"
    case .string: "text"
    case .array: "a list"
    case .object: "an object"
    }
  }
}

/// A name and its value in a JSON object.
package struct JSONMember: Sendable, Equatable {
  package let name: String
  package let node: JSONNode
  private let namePlace: JSONPlace
  /// The byte offset of the name's opening quote.
  package var nameOffset: Int { namePlace.offset }

  package init(name: String, nameOffset: Int, node: JSONNode) {
    self.name = name
    self.node = node
    namePlace = JSONPlace(nameOffset)
  }
}

/// A byte offset in little room, since a text may have millions of values; texts of more than 4 GB are never read.
private struct JSONPlace: Equatable {
  private let place: UInt32
  var offset: Int { Int(place) }

  init(_ offset: Int) {
    place = UInt32(clamping: offset)
  }
}

extension JSONMember {
  fileprivate var isPlainlyNamed: Bool {
    name.utf8.allSatisfy {
      $0.isAlphanumeric || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "$")
    }
  }
}

/// Why a text is not JSON.
package struct JSONSyntaxError: Error, Equatable {
  package let message: String
  /// The byte offset at which the text stops being JSON.
  package let offset: Int
}

/// A place in a text as an editor names it, both counted from 1; the column counts Unicode scalars.
package struct TextPosition: Sendable, Equatable {
  package let line: Int
  package let column: Int

  /// The position of a byte offset in a UTF-8 text.
  package init(offset: Int, in bytes: [UInt8]) {
    self = Self.positions(ofAscending: [offset], in: bytes)[0]
  }

  /// The positions of byte offsets in ascending order, found in one pass.
  static func positions(ofAscending offsets: [Int], in bytes: [UInt8]) -> [TextPosition] {
    var (line, column, index) = (1, 1, 0)
    return offsets.map { offset in
      while index < min(offset, bytes.count) {
        if bytes[index] == UInt8(ascii: "\n") {
          (line, column) = (line + 1, 1)
        } else if bytes[index] & 0xC0 != 0x80 {
          column += 1
        }
        index += 1
      }
      return TextPosition(line: line, column: column)
    }
  }

  private init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }
}
