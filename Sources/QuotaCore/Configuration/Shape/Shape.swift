/// What a value of the configuration has to be, declared once: it is decoded by it, and explained by it. The explanation
/// is made when it is asked for: a run decodes and explains nothing.
package struct Shape<Value: Sendable>: Sendable {
  private let declare: @Sendable () -> ShapeDeclaration
  /// Nil after reporting what is wrong.
  let decode: @Sendable (ConfigurationNode) -> Value?
  /// How a value is written; nil where nobody needs it.
  package let encode: @Sendable (Value) -> JSONLiteral?

  package init(
    _ declaration: @autoclosure @escaping @Sendable () -> ShapeDeclaration,
    encode: @escaping @Sendable (Value) -> JSONLiteral? = { _ in nil },
    decode: @escaping @Sendable (ConfigurationNode) -> Value?
  ) {
    declare = declaration
    self.decode = decode
    self.encode = encode
  }

  package var declaration: ShapeDeclaration { declare() }

  /// The same, explained otherwise.
  private func declared(_ change: @escaping @Sendable (inout ShapeDeclaration) -> Void) -> Shape {
    Shape(changed(declare(), change), encode: encode, decode: decode)
  }

  private func changed(_ declaration: ShapeDeclaration, _ change: (inout ShapeDeclaration) -> Void) -> ShapeDeclaration
  {
    var changed = declaration
    change(&changed)
    return changed
  }
}

extension ConfigurationNode {
  /// The value that a shape makes of this; nil after reporting what is wrong with it.
  package func decoded<Value>(as shape: Shape<Value>) -> Value? { shape.decode(self) }
}

extension Shape {
  /// The same, under a name by which a schema refers to it.
  package func named(_ name: String, _ summary: String) -> Shape {
    declared { ($0.name, $0.summary) = (name, summary) }
  }

  /// The same, called otherwise in tables.
  package func called(_ words: String, plural: String? = nil) -> Shape {
    declared { ($0.words, $0.plural) = (words, plural ?? words + "s") }
  }

  /// The same with other examples of what is right and wrong.
  package func tried(
    _ accepts: [JSONLiteral] = [], refuses: [JSONLiteral] = [], beyond: [JSONLiteral] = []
  ) -> Shape {
    declared {
      $0.accepts += accepts
      $0.refuses += refuses
      $0.beyond += beyond
    }
  }

  /// The same, of which no values follow from its parts.
  package func tried(only accepts: [JSONLiteral], refuses: [JSONLiteral], beyond: [JSONLiteral]) -> Shape {
    tried(accepts, refuses: refuses, beyond: beyond).declared { $0.derives = false }
  }

  /// The same for another value.
  package func map<Other>(_ transform: @escaping @Sendable (Value) -> Other) -> Shape<Other> {
    Shape<Other>(declaration) { decode($0).map(transform) }
  }

  /// The same, of which not everything is right.
  ///
  /// - Parameter problem: what is wrong with a value and what to do; nil if it is right.
  package func checked(_ problem: @escaping @Sendable (Value) -> String?) -> Shape {
    Shape(declaration, encode: encode) { node in
      guard let value = decode(node) else { return nil }
      guard let message = problem(value) else { return value }
      node.report(message)
      return nil
    }
  }

  /// One of two shapes.
  ///
  /// - Parameter isFirst: whether a value is meant to be of the first.
  package static func either(
    _ first: Shape, or second: Shape, isFirst: @escaping @Sendable (JSONNode) -> Bool
  ) -> Shape {
    Shape(
      ShapeDeclaration(either: [first.declaration, second.declaration]),
      encode: { first.encode($0) ?? second.encode($0) },
      decode: { isFirst($0.json) ? first.decode($0) : second.decode($0) })
  }

  /// A list.
  package static func list<Item>(
    of item: Shape<Item>, count: ClosedRange<Int> = 0...(.max), distinctIDsOf kind: Referable? = nil
  ) -> Shape where Value == [Item] {
    Shape(
      ShapeDeclaration(
        words: "list of \(item.declaration.plural)", .list(of: item.declaration, count: count, isSet: false)),
      encode: { items in
        let written = items.compactMap(item.encode)
        return written.count == items.count ? .list(written) : nil
      },
      decode: { node in
        guard let nodes = node.array(atLeast: count.lowerBound, atMost: count.upperBound) else { return nil }
        if let kind { node.checkIDs(nodes, of: kind) }
        var items: [Item] = []
        items.reserveCapacity(nodes.count)
        for node in nodes { if let item = item.decode(node) { items.append(item) } }
        return items.count == nodes.count ? items : nil
      })
  }

  /// One value, or a list of them.
  package static func oneOrMore<Item>(_ item: Shape<Item>) -> Shape where Value == [Item] {
    .either(list(of: item, count: 1...(.max)), or: item.map { [$0] }, isFirst: { $0.isList })
  }

  /// A list in which nothing stands twice.
  ///
  /// - Parameter mark: what tells one item from another, as a message shows it.
  package static func distinct<Item>(
    _ item: Shape<Item>, atLeast minimum: Int = 0, by mark: @escaping @Sendable (Item) -> String = { "\"\($0)\"" }
  ) -> Shape where Value == [Item] {
    let list = list(of: item, count: minimum...(.max))
    return Shape(
      ShapeDeclaration(
        words: list.declaration.words, .list(of: item.declaration, count: minimum...(.max), isSet: true)),
      encode: list.encode,
      decode: { node in
        guard let nodes = node.array(atLeast: minimum) else { return nil }
        var seen: Set<String> = []
        let items = nodes.compactMap { node -> Item? in
          guard let item = item.decode(node) else { return nil }
          if nodes.count == 1 || seen.insert(mark(item)).inserted { return item }
          node.report("\(mark(item)) stands here twice")
          return nil
        }
        return items.count == nodes.count ? items : nil
      })
  }

  /// An object whose names are the user's own ids, in the order of the text.
  package static func byID<Item>(_ item: Shape<Item>) -> Shape where Value == [Named<Item>] {
    map(of: item, names: .identifier) { node in
      node.members(checking: { Identifier.isValid($0) ? nil : Identifier.problem(in: $0) })
    }
  }

  /// An object whose names are the ids of what another part of the file has, where they have to be.
  package static func byReference<Item>(to kind: Referable, _ item: Shape<Item>) -> Shape where Value == [Named<Item>] {
    byName(item, names: .reference(to: kind)) { $0.surroundings.problem(in: $1, of: kind) }
  }

  /// An object whose names the user chooses, in the order of the text.
  ///
  /// - Parameters:
  ///   - names: what the names have to be.
  ///   - problem: what is wrong with a name; nil if it is right.
  package static func byName<Item>(
    _ item: Shape<Item>, names: Shape<String>,
    problem: @escaping @Sendable (_ object: ConfigurationNode, _ name: String) -> String?
  ) -> Shape where Value == [Named<Item>] {
    map(of: item, names: names) { node in
      node.members()?.filter { name, value in
        guard let message = problem(node, name) else { return true }
        value.report(message)
        return false
      }
    }
  }

  private static func map<Item>(
    of item: Shape<Item>, names: Shape<String>,
    members: @escaping @Sendable (ConfigurationNode) -> [(name: String, node: ConfigurationNode)]?
  ) -> Shape where Value == [Named<Item>] {
    Shape(
      ShapeDeclaration(
        words: "object of \(item.declaration.plural)", .map(names: names.declaration, values: item.declaration)),
      encode: { $0.isEmpty ? [:] : nil },
      decode: { node in
        guard let members = members(node) else { return nil }
        let items = members.compactMap { member in item.decode(member.node).map { Named(member.name, $0) } }
        return items.count == node.memberCount ? items : nil
      })
  }
}

/// A value under a name that the user has chosen.
package struct Named<Value: Sendable>: Sendable {
  package let name: String
  package let value: Value

  package init(_ name: String, _ value: Value) {
    self.name = name
    self.value = value
  }
}

extension Named: Equatable where Value: Equatable {}
