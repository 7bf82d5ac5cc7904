extension Shape {
  /// An object whose names are known; every other one is reported.
  package static func object(_ fields: Fields<Value>) -> Shape {
    Shape(
      ShapeDeclaration(words: "object", .object(fields.declared, demands: fields.demands)),
      decode: { node in
        node.object(placeOf: { name in fields.declared.first { $0.shape.fields.contains { $0.name == name } }?.name }) {
          fields.decode(&$0)
        }
      })
  }

  /// An object of which one member, a word, tells what the others are.
  ///
  /// - Parameters:
  ///   - key: the name of that member.
  ///   - names: what a schema calls the object by each word, and a sentence on it.
  ///   - common: what is read if the word is not known.
  ///   - fields: the other members by the word.
  package static func byWord<Word: RawRepresentable & CaseIterable & Sendable, Ignored>(
    _ key: String, _ text: String, of type: Word.Type, common: Fields<Ignored>,
    as name: @escaping @Sendable (Word) -> (name: String, summary: String),
    _ fields: @escaping @Sendable (Word) -> Fields<Value>
  ) -> Shape where Word.RawValue == String {
    Shape(
      ShapeDeclaration(
        words: "object",
        .either(type.allCases.map { variant(.tag(key, $0.rawValue, text), fields($0), as: name($0)) }))
    ) { node in
      node.object { object in
        guard let word = object.required(key).flatMap({ $0.choice(of: type) }) else {
          _ = common.decode(&object)
          object.expectEverything()
          return nil
        }
        return fields(word).decode(&object)
      }
    }
  }

  private static func variant(
    _ tag: FieldDeclaration, _ fields: Fields<Value>, as name: (name: String, summary: String)
  ) -> ShapeDeclaration {
    var declaration = ShapeDeclaration(words: "object", .object([tag] + fields.declared, demands: fields.demands))
    (declaration.name, declaration.summary) = name
    return declaration
  }
}

extension FieldDeclaration {
  /// The member whose word tells what an object is.
  fileprivate static func tag(_ key: String, _ word: String, _ text: String) -> FieldDeclaration {
    let shape = ShapeDeclaration(
      words: "`\(word)`", .value([.init("const", .text(word))]), accepts: [.text(word)], refuses: ["x", 5])
    return FieldDeclaration(name: key, shape: shape, isRequired: true, standard: nil, absence: nil, text: text)
  }
}
