import QuotaCore

/// The user's own words for a channel's messages: Mustache texts by the names of the channel's fields.
package struct MessageTemplate: Hashable, Sendable {
  /// Checked: every text can be rendered.
  let sources: [String: String]

  /// The most that a template's text may have, in bytes.
  package static let longest = 1 << 16

  /// Decodes `template`: an object with the channel's fields, each a text or `{"file": PATH}`.
  ///
  /// - Parameter read: reads the file that a node names; reports what keeps it from being read.
  init?(from node: ConfigurationNode, fields: [TemplateField], read: (ConfigurationNode) -> String?) {
    let sources = node.object { object -> [String: String]? in
      var sources: [String: String] = [:]
      var isWhole = true
      for field in fields {
        guard let value = object.optional(field.name) else { continue }
        guard let source = Self.source(value, read: read), Self.check(source, of: field, at: value) else {
          isWhole = false
          continue
        }
        sources[field.name] = source
      }
      guard !sources.isEmpty || !isWhole else {
        object.node.report("must have at least one of: \(fields.map(\.name).joined(separator: ", "))")
        return nil
      }
      return isWhole ? sources : nil
    }
    guard let sources else { return nil }
    self.sources = sources
  }

  private static func source(_ node: ConfigurationNode, read: (ConfigurationNode) -> String?) -> String? {
    if case .string = node.json.value { return node.string() }
    return node.object { $0.required("file").flatMap(read) }
  }

  /// Whether a template can be rendered; reports why not.
  private static func check(_ source: String, of field: TemplateField, at node: ConfigurationNode) -> Bool {
    do throws(TemplateDefect) {
      let template = try CompiledTemplate(source)
      for sample in SampleMessages.forChecking {
        let rendering = template.render(sample, field.format)
        if let name = rendering.unknown.first {
          throw TemplateDefect(
            "\"\(name)\" is not a field of a message" + suggestion(for: name, among: TemplateValues.names))
        }
      }
      return true
    } catch {
      node.report("the template is broken: \(error.description)")
      return false
    }
  }
}

/// What is wrong with a template; one line.
struct TemplateDefect: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}
