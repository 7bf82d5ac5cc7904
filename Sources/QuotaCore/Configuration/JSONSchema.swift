/// Writes a JSON Schema of what the decoder reads, for editors (draft 2020-12).
package enum JSONSchema {
  /// The schema of a whole file.
  package static func document(
    _ shape: ShapeDeclaration, id: String, title: String, description: String
  ) -> JSONLiteral {
    var definitions = Definitions()
    var members: [JSONLiteral.Member] = [
      .init("$schema", "https://json-schema.org/draft/2020-12/schema"), .init("$id", .text(id)),
      .init("title", .text(title)), .init("description", .text(description)),
    ]
    members += definitions.keywords(shape)
    members.append(.init("$defs", .object(definitions.written)))
    return .object(members)
  }

  /// The shapes that others refer to by name.
  private struct Definitions {
    private(set) var written: [JSONLiteral.Member] = []
    private var known: Set<String> = []

    /// A shape where it is used: a reference if it has a name.
    mutating func schema(_ shape: ShapeDeclaration) -> [JSONLiteral.Member] {
      guard let name = shape.name else { return keywords(shape) }
      if known.insert(name).inserted {
        let place = written.count
        let definition = [.init("description", .text(shape.summary))] + keywords(shape)
        written.insert(.init(name, .object(definition)), at: min(place, written.count))
      }
      return [.init("$ref", .text("#/$defs/\(name)"))]
    }

    mutating func keywords(_ shape: ShapeDeclaration) -> [JSONLiteral.Member] {
      switch shape.form {
      case .value(let keywords): return keywords + examples(shape)
      case .either(let shapes): return [.init("anyOf", .list(shapes.map { .object(schema($0)) }))]
      case .map(let names, let values):
        return [
          .init("type", "object"), .init("propertyNames", .object(schema(names))),
          .init("additionalProperties", .object(schema(values))),
        ]
      case .list(let item, let count, let isSet, let demands):
        var keywords: [JSONLiteral.Member] = [.init("type", "array"), .init("items", .object(schema(item)))]
        if count.lowerBound > 0 { keywords.append(.init("minItems", .number("\(count.lowerBound)"))) }
        if count.upperBound < .max { keywords.append(.init("maxItems", .number("\(count.upperBound)"))) }
        if isSet { keywords.append(.init("uniqueItems", true)) }
        return keywords + all(demands)
      case .object(let fields, let demands): return object(fields, demands)
      }
    }

    /// Some texts that are right, where a pattern alone would explain little.
    private func examples(_ shape: ShapeDeclaration) -> [JSONLiteral.Member] {
      guard case .value(let keywords) = shape.form, keywords.contains(where: { $0.name == "pattern" }) else {
        return []
      }
      let short = shape.accepts.filter { $0.line.utf8.count <= 40 }.prefix(3)
      return short.isEmpty ? [] : [.init("examples", .list(Array(short)))]
    }

    private mutating func object(_ fields: [FieldDeclaration], _ demands: [JSONLiteral]) -> [JSONLiteral.Member] {
      let properties = fields.map { field in
        let standard = field.standard.map { [JSONLiteral.Member("default", $0)] } ?? []
        return JSONLiteral.Member(
          field.name, .object([.init("description", .text(field.text))] + schema(field.shape) + standard))
      }
      var keywords: [JSONLiteral.Member] = [.init("type", "object"), .init("properties", .object(properties))]
      let required = fields.filter(\.isRequired).map { JSONLiteral.text($0.name) }
      if !required.isEmpty { keywords.append(.init("required", .list(required))) }
      return keywords + all(demands) + [.init("additionalProperties", false)]
    }

    private func all(_ demands: [JSONLiteral]) -> [JSONLiteral.Member] {
      demands.isEmpty ? [] : [.init("allOf", .list(demands))]
    }
  }
}
