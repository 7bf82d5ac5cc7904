import QuotaCore

/// What a program has printed that knows many secrets: a JSON object, or lines `NAME=VALUE`.
///
/// Nothing of it is ever repeated, names neither: what stands where a name is expected may be a secret.
struct PrintedSecrets {
  private let json: JSONNode?
  private let lines: [String: String]

  /// Why there is no such secret; half a sentence.
  struct Absence: Error {
    let message: String
  }

  init(_ output: [UInt8]) throws(Absence) {
    let beginning = output.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
    if beginning == UInt8(ascii: "{") {
      do throws(JSONSyntaxError) {
        json = try JSONParser.parse(output)
      } catch {
        let position = TextPosition(offset: error.offset, in: output)
        throw Absence(
          message:
            "it printed no JSON object, though it begins like one (line \(position.line), column \(position.column))")
      }
      lines = [:]
    } else {
      json = nil
      lines = try Self.lines(output)
    }
  }

  /// The secret under a name, of objects within objects by their names with a dot between: `data.data.acme`.
  func secret(_ name: String) throws(Absence) -> Secret {
    let found: String?
    if let json {
      guard let node = Self.node(name[...], in: json) else { throw missing(name) }
      guard let text = node.string else { throw Absence(message: "there it printed \(node.kind), and no text") }
      found = text
    } else {
      found = lines[name]
    }
    guard let found else { throw missing(name) }
    do throws(Secret.Defect) {
      return try Secret(bytes: Array(found.utf8))
    } catch {
      throw Absence(message: "what it printed there cannot be a secret: \(error.message)")
    }
  }

  /// The secret of a program that knows but one.
  static func firstLine(of output: [UInt8]) throws(Absence) -> Secret {
    do throws(Secret.Defect) {
      return try Secret(bytes: Array(output.prefix { $0 != UInt8(ascii: "\n") }))
    } catch {
      throw Absence(message: "the first line that it prints cannot be a secret: \(error.message)")
    }
  }

  private func missing(_ name: String) -> Absence {
    Absence(
      message: "it printed \(json == nil ? "no line that begins with this name and =" : "a JSON object without it")")
  }

  private static func node(_ name: Substring, in node: JSONNode) -> JSONNode? {
    if let found = node[String(name)] { return found }
    for dot in name.indices where name[dot] == "." {
      guard let inner = node[String(name[..<dot])],
        let found = Self.node(name[name.index(after: dot)...], in: inner)
      else { continue }
      return found
    }
    return nil
  }

  /// Lines as files of settings for programs have them (`.env`): with comments, `export`, and quotes around a value.
  private static func lines(_ output: [UInt8]) throws(Absence) -> [String: String] {
    guard let text = String(validating: output, as: UTF8.self) else { throw Absence(message: "it printed no UTF-8") }
    var lines: [String: String] = [:]
    for line in text.split(whereSeparator: { $0 == "\n" || $0 == "\r\n" }) {
      var words = line.drop { $0 == " " || $0 == "\t" }
      guard words.first != "#", let separator = words.firstIndex(of: "=") else { continue }
      if words.hasPrefix("export ") { words = words.dropFirst(7) }
      let name = String(words[..<separator]).withoutOuterSpaces
      var value = String(words[words.index(after: separator)...]).withoutOuterSpaces
      if value.count > 1, let quote = value.first, quote == "\"" || quote == "'", value.last == quote {
        value = String(value.dropFirst().dropLast())
      }
      guard lines.updateValue(value, forKey: name) == nil else {
        throw Absence(message: "it printed the same name twice; which one counts cannot be told")
      }
    }
    return lines
  }
}
