/// What a value of the configuration has to be, as data: the JSON Schema, the tables of the documentation and the
/// boundary cases of the tests are made of it.
package struct ShapeDeclaration: Sendable {
  package indirect enum Form: Sendable {
    /// By keywords of JSON Schema.
    case value([JSONLiteral.Member])
    case list(of: ShapeDeclaration, count: ClosedRange<Int>, isSet: Bool, demands: [JSONLiteral] = [])
    /// With what a schema demands of the members together.
    case object([FieldDeclaration], demands: [JSONLiteral])
    /// An object whose names the user chooses.
    case map(names: ShapeDeclaration, values: ShapeDeclaration)
    case either([ShapeDeclaration])
  }

  /// The name under which a schema refers to it; nil for one that stands where it is used.
  package var name: String?
  /// A sentence on what it is; empty where whoever uses it says so.
  package var summary = ""
  /// What a table calls it, such as `1 to 300`.
  package var words: String
  /// What a table calls several of it.
  package var plural: String
  package let form: Form
  /// Values that are right, at the boundaries among them.
  package var accepts: [JSONLiteral]
  /// Values that are wrong, as the schema knows too.
  package var refuses: [JSONLiteral]
  /// Values that are wrong in a way that a schema cannot say.
  package var beyond: [JSONLiteral]
  /// Whether more such values follow from its parts: not where a part alone does not tell whether it is right.
  package var derives = true

  package init(
    words: String, plural: String? = nil, _ form: Form, accepts: [JSONLiteral] = [], refuses: [JSONLiteral] = [],
    beyond: [JSONLiteral] = []
  ) {
    self.words = words
    self.plural = plural ?? words + "s"
    self.form = form
    self.accepts = accepts
    self.refuses = refuses
    self.beyond = beyond
  }

  /// One of several.
  init(either shapes: [ShapeDeclaration]) {
    self.init(words: shapes.map(\.words).joined(separator: " or "), .either(shapes))
  }
}

extension ShapeDeclaration {
  /// The members, if it is an object whose names are known.
  package var fields: [FieldDeclaration] {
    if case .object(let fields, _) = form { fields } else { [] }
  }
}

/// One member of an object.
package struct FieldDeclaration: Sendable {
  package let name: String
  package let shape: ShapeDeclaration
  package let isRequired: Bool
  /// What counts where it is left out, as it would be written; nil if that cannot be written.
  package let standard: JSONLiteral?
  /// What counts where it is left out, in words.
  package let absence: String?
  /// Sentences on what it means.
  package let text: String
}
