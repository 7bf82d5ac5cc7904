import Mustache

/// What a rendering has asked for. Used by one rendering at a time.
final class TemplateLookups {
  private(set) var unknown: [String] = []

  func miss(_ name: String) {
    if !unknown.contains(name) { unknown.append(name) }
  }
}

/// Something with fields that a template can name.
struct TemplateObject: MustacheParent, MustacheCustomRenderable {
  let values: [String: Any]
  let lookups: TemplateLookups

  func child(named name: String) -> Any? {
    if let value = values[name] { return value }
    if !TemplateValues.names.contains(name) { lookups.miss(name) }
    return nil
  }

  var renderText: String { "" }
  var isNull: Bool { false }
}

/// A text that is escaped already. It has no parts and cannot be transformed, which would tear its escapes.
struct EscapedText: MustacheParent, MustacheCustomRenderable {
  let renderText: String
  let isNull = false

  func child(named name: String) -> Any? { nil }
}
