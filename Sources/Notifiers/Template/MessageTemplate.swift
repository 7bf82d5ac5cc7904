import QuotaCore

/// The user's own words for a channel's messages: Mustache texts by the names of the channel's fields.
package struct MessageTemplate: Hashable, Sendable {
  /// Checked: every text can be rendered.
  let sources: [String: String]

  /// No words of one's own.
  static let builtIn = MessageTemplate(sources: [:])

  /// The most that a template's text may have, in bytes.
  package static let longest = 1 << 16

  /// `template`: an object with the channel's fields, each a text or `{"file": PATH}`.
  static func shape(_ fields: [TemplateField]) -> Shape<MessageTemplate> {
    let texts = fields.reduce(Fields<[String: String]>.none([:])) { texts, field in
      Fields(texts, Field(field.name, .template(field), .optional("what is built in"), field.text)) { texts, text in
        var texts = texts
        texts[field.name] = text
        return texts
      }
    }
    let names = fields.map(\.name)
    return .object(
      texts.withAny(of: names, else: "must have at least one of: \(names.joined(separator: ", "))").map {
        MessageTemplate(sources: $0)
      }
    )
    .called("object of \(names.map { "`\($0)`" }.joined(separator: ", "))")
  }

  /// What keeps a template from being rendered; nil if nothing does.
  fileprivate static func problem(in source: String, of field: TemplateField) -> String? {
    // Nothing is sent as a text that has no words.
    guard !source.allSatisfy(\.isWhitespace) else { return "the template is empty" }
    do throws(TemplateDefect) {
      let template = try CompiledTemplate(source)
      for sample in SampleMessages.forChecking {
        let rendering = template.render(sample, field.format)
        if let name = rendering.unknown.first {
          throw TemplateDefect(
            "\"\(name)\" is not a field of a message" + suggestion(for: name, among: TemplateValues.names))
        }
      }
      return nil
    } catch {
      return "the template is broken: \(error.description)"
    }
  }
}

extension Shape<String> {
  /// A Mustache template as text, or the file that holds it.
  fileprivate static func template(_ field: TemplateField) -> Shape {
    let file = Shape.object(
      Field("file", templateFile, .required, "The file; a relative path is relative to this file.")
    )
    .tried(only: [], refuses: [[:], ["file": ""]], beyond: [["file": "no-such-file"]])
    return .either(text.tried(["{{subject}}"], beyond: ["{{nothing}}", "{{#events}}"]), or: file) { !$0.isObject }
      .checked { MessageTemplate.problem(in: $0, of: field) }
      .called("text, or `{\"file\": PATH}`").named(
        "template", "A Mustache template as text, or the file that holds it.")
  }

  /// The text of a file that a path names.
  private static var templateFile: Shape {
    Shape(path.declaration) { node in
      guard let path = node.decoded(as: .path) else { return nil }
      switch node.surroundings.readText(path, MessageTemplate.longest) {
      case .success(let text): return text
      case .failure(let failure):
        node.report("file \(path) \(failure.problem)")
        return nil
      }
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
