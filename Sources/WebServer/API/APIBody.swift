package import FoundationEssentials
package import QuotaCore

/// What stands in the body of a request to the API: an object, in JSON.
package struct APIBody: Sendable {
  /// As it came, for what is no JSON.
  package let bytes: [UInt8]
  private let members: [String: JSONNode]

  /// - Parameter fields: the names that the object may have; nil for a body that is no JSON.
  init(_ bytes: [UInt8], _ fields: [String]?) throws(Problem) {
    self.bytes = bytes
    guard let fields, !bytes.isEmpty else {
      members = [:]
      return
    }
    let node: JSONNode
    do throws(JSONSyntaxError) {
      node = try JSONParser.parse(bytes)
    } catch {
      throw .wrong("the body is not JSON: \(error.message)")
    }
    guard case .object(let found) = node.value else { throw .wrong("the body is \(node.kind); an object is expected") }
    for member in found where !fields.contains(member.name) {
      let list = fields.isEmpty ? "none is known" : "known are \(fields.sorted().joined(separator: ", "))"
      throw .wrong("there is no field \"\(ForeignText.line(member.name, limit: 64))\"; \(list)")
    }
    members = Dictionary(found.map { ($0.name, $0.node) }) { first, _ in first }
  }

  package func text(_ name: String) throws(Problem) -> String? {
    guard let node = members[name] else { return nil }
    guard let text = node.string, !text.isEmpty else { throw .wrong("\"\(name)\" is a text that is not empty") }
    return text
  }

  package func required(_ name: String) throws(Problem) -> String {
    guard let text = try text(name) else { throw .wrong("\"\(name)\" is missing") }
    return text
  }

  /// None where the member is missing.
  package func texts(_ name: String) throws(Problem) -> [String] {
    guard let node = members[name] else { return [] }
    guard case .array(let items) = node.value else { throw .wrong("\"\(name)\" is a list of texts") }
    let texts = items.compactMap(\.string).filter { !$0.isEmpty }
    guard texts.count == items.count else { throw .wrong("\"\(name)\" is a list of texts") }
    return texts
  }

  package func flag(_ name: String) throws(Problem) -> Bool {
    switch members[name]?.value {
    case nil: return false
    case .boolean(let flag): return flag
    default: throw .wrong("\"\(name)\" is true or false")
    }
  }

  /// A length of time such as `6h`.
  package func span(_ name: String) throws(Problem) -> TimeSpan? {
    guard let text = try text(name) else { return nil }
    guard let span = TimeSpan(text) else {
      throw .wrong("\"\(name)\" is a length of time such as 30m, 6h, 2d or 1w, ten years at most")
    }
    return span
  }

  package func moment(_ name: String) throws(Problem) -> Date? {
    guard let text = try text(name) else { return nil }
    guard let date = Date(zonedISO8601: text) else {
      throw .wrong("\"\(name)\" is a time such as 2026-11-05T08:00:00Z")
    }
    return date
  }
}
