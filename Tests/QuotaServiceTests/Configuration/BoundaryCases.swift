import QuotaCore

/// Values of every setting at its boundaries, made from its declaration: the least and the most, what is below and above,
/// of a wrong type, unknown, missing, and one too many.
struct BoundaryCases {
  typealias Case = (value: JSONLiteral, verdict: SchemaCase.Verdict)

  /// Shapes with a name that were gone through: elsewhere it is enough that they are in place.
  private var known: Set<String> = []

  /// - Parameter shape: an object.
  mutating func all(of shape: ShapeDeclaration) -> [Case] {
    if let name = shape.name, !known.insert(name).inserted { return brief(shape) }
    return listed(shape) + derived(shape)
  }

  private func listed(_ shape: ShapeDeclaration) -> [Case] {
    shape.accepts.map { ($0, .accepted) } + shape.refuses.map { ($0, .refused) }
      + shape.beyond.map { ($0, .beyondSchema) }
  }

  private func brief(_ shape: ShapeDeclaration) -> [Case] { [(Self.example(of: shape), .accepted), (.null, .refused)] }

  private mutating func derived(_ shape: ShapeDeclaration) -> [Case] {
    guard shape.derives else { return [] }
    return switch shape.form {
    case .value: []
    case .list(let item, let count, let isSet, _): list(of: item, count, isSet: isSet)
    case .map(let names, let values): map(names, values)
    case .either(let shapes): either(shapes)
    case .object(let fields, let demands): object(shape, fields, demands)
    }
  }

  private mutating func list(of item: ShapeDeclaration, _ count: ClosedRange<Int>, isSet: Bool) -> [Case] {
    let example = Self.example(of: item)
    var cases: [Case] = [(.text("x"), .refused), ([:], .refused)]
    cases.append(([], count.contains(0) ? .accepted : .refused))
    if count.upperBound < .max {
      cases.append((.list(Array(repeating: example, count: count.upperBound + 1)), .refused))
    }
    if isSet { cases.append(([example, example], .refused)) }
    return cases + all(of: item).map { ([$0.value], $0.verdict) }
  }

  private mutating func map(_ names: ShapeDeclaration, _ values: ShapeDeclaration) -> [Case] {
    let value = Self.example(of: values)
    let name = names.accepts.first?.name ?? "x"
    let named: [Case] = listed(names).compactMap { entry in
      entry.value.name.map { (.object([.init($0, value)]), entry.verdict) }
    }
    return [([:], .accepted), ([], .refused)] + named
      + all(of: values).map { (.object([.init(name, $0.value)]), $0.verdict) }
  }

  /// What one of the shapes refuses is told of those values only that none of the others could take.
  private mutating func either(_ shapes: [ShapeDeclaration]) -> [Case] {
    var cases: [Case] = []
    for (index, shape) in shapes.enumerated() {
      let others = shapes.enumerated().filter { $0.offset != index }.map(\.element)
      cases += all(of: shape).filter { entry in
        entry.verdict == .accepted || !others.contains { $0.mayTake(entry.value) }
      }
    }
    return cases
  }

  private mutating func object(
    _ shape: ShapeDeclaration, _ fields: [FieldDeclaration], _ demands: [JSONLiteral]
  ) -> [Case] {
    let whole = Self.members(of: Self.example(of: shape))
    var cases: [Case] = [
      (.object(whole), .accepted), (.object(whole + [.init("unknown_key", true)]), .refused), (.text("x"), .refused),
    ]
    for field in fields {
      if field.isRequired { cases.append((.object(whole.filter { $0.name != field.name }), .refused)) }
      let rest = Self.companions(of: field, in: fields, whole, demands)
      for entry in all(of: field.shape) + (field.standard.map { [($0, .accepted)] } ?? []) {
        cases.append((.object(rest + [.init(field.name, entry.value)]), entry.verdict))
      }
    }
    return cases
  }
}

// MARK: - Examples

extension BoundaryCases {
  /// The least that is accepted.
  static func example(of shape: ShapeDeclaration) -> JSONLiteral {
    if let first = shape.accepts.first { return first }
    switch shape.form {
    case .value: return .null
    case .list(let item, let count, _, _): return .list(Array(repeating: example(of: item), count: count.lowerBound))
    case .map: return [:]
    case .either(let shapes): return shapes.first.map(example) ?? .null
    case .object(let fields, let demands):
      var names = Set(fields.filter(\.isRequired).map(\.name))
      for demand in demands {
        let choices = alternatives(in: demand)
        if let first = choices.first, !choices.contains(where: names.isSuperset) { names.formUnion(first) }
      }
      return .object(fields.filter { names.contains($0.name) }.map { .init($0.name, example(of: $0.shape)) })
    }
  }

  private static func members(of value: JSONLiteral) -> [JSONLiteral.Member] {
    if case .object(let members) = value { members } else { [] }
  }

  /// The names of `{"anyOf": [{"required": [NAME]}, …]}` or `oneOf`, where nothing else is demanded.
  private static func alternatives(in demand: JSONLiteral) -> [[String]] {
    guard let member = members(of: demand).first, ["anyOf", "oneOf"].contains(member.name) else { return [] }
    let choices = member.value.items.map(members)
    guard choices.allSatisfy({ $0.map(\.name) == ["required"] }) else { return [] }
    return choices.map { $0[0].value.items.compactMap(\.name) }
  }

  /// What has to stand beside a member, and no member that it would take the place of.
  private static func companions(
    of field: FieldDeclaration, in fields: [FieldDeclaration], _ whole: [JSONLiteral.Member], _ demands: [JSONLiteral]
  ) -> [JSONLiteral.Member] {
    var rest = whole.filter { $0.name != field.name }
    func add(_ name: String, _ value: JSONLiteral?) {
      guard name != field.name, let shape = fields.first(where: { $0.name == name })?.shape else { return }
      let alternatives = demands.map(alternatives(in:)).first { $0.contains([name]) }?.joined().map { $0 } ?? []
      rest.removeAll { $0.name == name || alternatives.contains($0.name) }
      rest.append(.init(name, value ?? example(of: shape)))
    }
    for demand in demands {
      for member in members(of: demand) {
        switch member.name {
        case "oneOf" where alternatives(in: demand).contains([field.name]):
          let others = alternatives(in: demand).joined()
          rest.removeAll { others.contains($0.name) }
        case "dependentRequired":
          for needed in members(of: member.value).first(where: { $0.name == field.name })?.value.items ?? [] {
            if let name = needed.name { add(name, nil) }
          }
        case "then" where members(of: demand).first?.value["required"]?.items.contains(.text(field.name)) == true:
          for property in members(of: member.value["properties"] ?? .null) {
            add(property.name, property.value["const"])
          }
        default: break
        }
      }
    }
    return rest
  }
}

extension JSONLiteral {
  fileprivate var name: String? {
    if case .text(let text) = self { text } else { nil }
  }

  fileprivate var items: [JSONLiteral] {
    if case .list(let items) = self { items } else { [] }
  }

  fileprivate subscript(name: String) -> JSONLiteral? {
    if case .object(let members) = self { members.first { $0.name == name }?.value } else { nil }
  }

  fileprivate var kind: String {
    switch self {
    case .null: "null"
    case .boolean: "boolean"
    case .number: "number"
    case .text: "text"
    case .list: "list"
    case .object: "object"
    }
  }
}

extension ShapeDeclaration {
  /// Whether a value is of a kind that this shape might take, as far as can be told without looking at its parts.
  fileprivate func mayTake(_ value: JSONLiteral) -> Bool {
    guard case .object(let fields, _) = form, case .object(let members) = value else {
      return BoundaryCases.example(of: self).kind == value.kind || accepts.contains { $0.kind == value.kind }
    }
    if let tag = fields.first, case .value(let keywords) = tag.shape.form, keywords.first?.name == "const" {
      return false
    }
    return Set(members.map(\.name)).isSubset(of: fields.map(\.name))
      && fields.allSatisfy { field in !field.isRequired || members.contains { $0.name == field.name } }
  }
}
