package import QuotaCore

/// Where a message leads: a template of an address, whose host no value can change.
package struct MessageLink: Hashable, Sendable {
  private let source: String

  /// The longest address that every channel takes, in bytes.
  private static let longest = 2_000

  /// - Parameter source: one that ``shape`` takes.
  init(_ source: String) {
    self.source = source
  }

  /// The page of the organization, or the overview for several.
  ///
  /// - Parameter publicURL: where the pages are, without a slash at its end.
  package static func page(at publicURL: String) -> MessageLink {
    MessageLink("\(publicURL)/{{#organization_id}}organizations/{{organization_id}}{{/organization_id}}")
  }

  /// Where a message leads; nil where the template makes no address of it.
  func address(of message: Message) -> String? {
    guard let text = try? CompiledTemplate(source).render(message, .address).text else { return nil }
    return text.utf8.count <= Self.longest && WebAddress.problem(in: text, allowsPlainHTTP: true) == nil ? text : nil
  }

  package static let shape = Shape<String>(
    "address", pattern: "^[Hh][Tt][Tt][Pp][Ss]?://[^/?#]",
    accepts: ["https://usage.example.com/organizations/{{organization_id}}", "http://10.0.0.7:8787/"],
    refuses: ["usage.example.com", "ftp://usage.example.com/", "javascript:alert(1)", ""],
    beyond: [
      "https://{{organization_id}}.example.com/", "https://usage.example.com{{organization_id}}",
      "https://usage.example.com/{{nothing}}", "https://u:p@example.com/", "https://h/a b", "https://h:0",
    ], encode: { .text($0) }, decode: { $0.string() }
  )
  .checked { problem(in: $0) }.map { MessageLink($0) }
  .called("address").named("link", "An http or https address, as a Mustache template.")

  /// What keeps a text from being used; nil if nothing does.
  private static func problem(in source: String) -> String? {
    let end = source.firstRange(of: "{{")?.lowerBound ?? source.endIndex
    let fixed = String(source[..<end])
    let rest = fixed.firstRange(of: "://").map { fixed[$0.upperBound...] } ?? ""
    if end != source.endIndex, !rest.contains("/") {
      return "the host must stand in it as it is: expected an address such as "
        + "\"https://usage.example.com/organizations/{{organization_id}}\""
    }
    if let problem = WebAddress.problem(in: fixed, allowsPlainHTTP: true) { return problem }
    do throws(TemplateDefect) {
      let template = try CompiledTemplate(source)
      for sample in SampleMessages.forChecking {
        let rendering = template.render(sample, .address)
        if let name = rendering.unknown.first {
          throw TemplateDefect(
            "\"\(name)\" is not a field of a message" + suggestion(for: name, among: TemplateValues.names))
        }
        if let problem = WebAddress.problem(in: rendering.text, allowsPlainHTTP: true) {
          throw TemplateDefect(problem)
        }
      }
      return nil
    } catch {
      return "the template is broken: \(error.description)"
    }
  }
}
