extension Shape {
  /// An object whose names are known; every other one is reported.
  package static func object(_ fields: Fields<Value>) -> Shape {
    Shape(
      ShapeDeclaration(words: "object", .object(fields.declared, demands: fields.demands)),
      decode: { node in node.object { fields.decode(&$0) } })
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
    let fields = Dictionary(uniqueKeysWithValues: type.allCases.map { ($0.rawValue, fields($0)) })
    let variants = type.allCases.compactMap { word -> ShapeDeclaration? in
      guard let fields = fields[word.rawValue] else { return nil }
      let tag = ShapeDeclaration(
        words: "`\(word.rawValue)`", .value([.init("const", .text(word.rawValue))]),
        accepts: [.text(word.rawValue)], refuses: ["x", 5])
      let field = FieldDeclaration(name: key, shape: tag, isRequired: true, standard: nil, absence: nil, text: text)
      var declaration = ShapeDeclaration(words: "object", .object([field] + fields.declared, demands: fields.demands))
      (declaration.name, declaration.summary) = name(word)
      return declaration
    }
    let word = Shape<Word>.choice(of: type)
    return Shape(ShapeDeclaration(words: "object", .either(variants))) { node in
      node.object { object in
        guard let word = object.required(key).flatMap(word.decode) else {
          _ = common.decode(&object)
          object.expectEverything()
          return nil
        }
        return fields[word.rawValue]?.decode(&object)
      }
    }
  }
}
