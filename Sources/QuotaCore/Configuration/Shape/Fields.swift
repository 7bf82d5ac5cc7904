/// Members of an object, one or several, and the value that they make.
package struct Fields<Value: Sendable>: Sendable {
  private let declaration: @Sendable () -> [FieldDeclaration]
  private let demanded: @Sendable () -> [JSONLiteral]
  /// Nil after reporting what is wrong.
  let decode: @Sendable (inout ConfigurationObject) -> Value?

  init(
    declared: @autoclosure @escaping @Sendable () -> [FieldDeclaration],
    demands: @autoclosure @escaping @Sendable () -> [JSONLiteral] = [],
    decode: @escaping @Sendable (inout ConfigurationObject) -> Value?
  ) {
    declaration = declared
    demanded = demands
    self.decode = decode
  }

  package var declared: [FieldDeclaration] { declaration() }
  /// What a schema demands of the members together.
  package var demands: [JSONLiteral] { demanded() }
}

/// A single member of an object.
package typealias Field = Fields

/// Whether a member has to be there, and what counts where it is not.
package struct Presence<Value: Sendable, Result: Sendable>: Sendable {
  let isRequired: Bool
  /// What counts instead, of the member's own kind.
  let standard: Value?
  let absence: String?
  let absent: @Sendable () -> Result?
  let present: @Sendable (Value) -> Result
}

extension Presence where Result == Value {
  /// It has to be there.
  package static var required: Presence {
    Presence(isRequired: true, standard: nil, absence: nil, absent: { nil }, present: { $0 })
  }

  /// A value counts instead.
  ///
  /// - Parameter words: what that is, where the value cannot be written or does not tell.
  package static func usually(_ value: Value, _ words: String? = nil) -> Presence {
    Presence(isRequired: false, standard: value, absence: words, absent: { value }, present: { $0 })
  }
}

extension Presence where Result == Value? {
  package static var optional: Presence {
    Presence(isRequired: false, standard: nil, absence: nil, absent: { .some(nil) }, present: { $0 })
  }

  /// - Parameter words: what counts where it is left out.
  package static func optional(_ words: String) -> Presence {
    Presence(isRequired: false, standard: nil, absence: words, absent: { .some(nil) }, present: { $0 })
  }
}

extension Fields {
  /// One member.
  ///
  /// - Parameter text: sentences on what it means, for editors and for the documentation.
  package init<Own>(_ name: String, _ shape: Shape<Own>, _ presence: Presence<Own, Value>, _ text: String) {
    // Kept as functions, whose types need not be worked out anew for each of many objects.
    let (isRequired, decode) = (presence.isRequired, shape.decode)
    let (absent, present) = (presence.absent, presence.present)
    self.init(
      declared: [
        FieldDeclaration(
          name: name, shape: shape.declaration, isRequired: presence.isRequired,
          standard: presence.absence == nil ? presence.standard.flatMap(shape.encode) : nil, absence: presence.absence,
          text: text)
      ]
    ) { object in
      guard let node = isRequired ? object.required(name) : object.optional(name) else { return absent() }
      return decode(node).map(present)
    }
  }

  /// Several members together. All of them are read, and what is wrong with any is reported, before a value is made.
  package init<each Part>(
    _ parts: repeat Fields<each Part>, make: @escaping @Sendable (repeat each Part) -> Value
  ) {
    let decoders = (repeat (each parts).decode)
    self.init(
      declared: Self.declared(by: repeat each parts), demands: Self.demands(of: repeat each parts)
    ) { object in
      var read = 0
      do {
        return make(repeat try (each decoders)(&object).orMissing(counting: &read))
      } catch {
        var index = 0
        for decode in repeat each decoders {
          if index >= read { _ = decode(&object) }
          index += 1
        }
        return nil
      }
    }
  }

  private static func declared<each Part>(by parts: repeat Fields<each Part>) -> [FieldDeclaration] {
    var declared: [FieldDeclaration] = []
    for part in repeat each parts { declared += part.declared }
    return declared
  }

  private static func demands<each Part>(of parts: repeat Fields<each Part>) -> [JSONLiteral] {
    var demands: [JSONLiteral] = []
    for part in repeat each parts { demands += part.demands }
    return demands
  }

  /// No members at all.
  package static func none(_ value: Value) -> Fields { Fields(declared: []) { _ in value } }

  package func map<Other>(_ transform: @escaping @Sendable (Value) -> Other) -> Fields<Other> {
    Fields<Other>(declared: declared, demands: demands) { decode(&$0).map(transform) }
  }

  /// The same, where what cannot be read counts as left out after it was reported: for what others are compared with.
  package var lenient: Fields<Value?> {
    Fields<Value?>(declared: declared, demands: demands) { .some(decode(&$0)) }
  }

  /// The same, of which not every combination is right.
  ///
  /// - Parameters:
  ///   - places: the members at the first of which that is reported; the object where none of them is there.
  ///   - demand: the same as far as a schema can say it.
  ///   - problem: what is wrong with a value and what to do; nil if it is right.
  package func checked(
    at places: String..., demand: JSONLiteral? = nil, _ problem: @escaping @Sendable (Value) -> String?
  ) -> Fields {
    checked(at: places, demand: demand) { value in [problem(value)].compactMap { $0 } }
  }

  /// The same, of which more than one thing may be wrong at once.
  package func checked(
    at places: [String], demand: JSONLiteral? = nil, problems: @escaping @Sendable (Value) -> [String]
  ) -> Fields {
    Fields(declared: declared, demands: demands + [demand].compactMap { $0 }) { object in
      guard let value = decode(&object) else { return nil }
      let problems = problems(value)
      let node = places.compactMap(object.member).first ?? object.node
      for problem in problems { node.report(problem) }
      return problems.isEmpty ? value : nil
    }
  }
}

extension Optional {
  fileprivate struct Missing: Error {}

  fileprivate func orMissing(counting read: inout Int) throws -> Wrapped {
    read += 1
    guard let self else { throw Missing() }
    return self
  }
}
