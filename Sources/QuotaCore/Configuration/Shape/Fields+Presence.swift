/// Which members may, must and must not stand beside each other.
extension Fields {
  /// The same, where some of the members have to be there in a certain way.
  ///
  /// - Parameters:
  ///   - demand: the same as a schema says it.
  ///   - place: the members at which a mistake is reported; the object where none of them is there.
  ///   - isRight: decides by the names that are there.
  private func demanding(
    _ demand: JSONLiteral, _ message: String, at places: [String] = [],
    _ isRight: @escaping @Sendable (_ has: (String) -> Bool) -> Bool
  ) -> Fields {
    Fields(declared: declared, demands: demands + [demand]) { object in
      let value = decode(&object)
      if isRight({ object.member($0) != nil }) { return value }
      let nodes = places.compactMap(object.member)
      for node in nodes.isEmpty ? [object.node] : nodes { node.report(message) }
      return nil
    }
  }

  private static func has(_ names: [String]) -> JSONLiteral { ["required": .list(names.map { .text($0) })] }

  /// At least one of some members.
  package func withAny(of names: [String], else message: String) -> Fields {
    demanding(["anyOf": .list(names.map { Self.has([$0]) })], message) { names.contains(where: $0) }
  }

  /// Exactly one of some members.
  package func withOne(of names: [String], else message: String) -> Fields {
    demanding(["oneOf": .list(names.map { Self.has([$0]) })], message) { has in names.count(where: has) == 1 }
  }

  /// All of some members or none.
  package func together(_ names: [String], else message: String) -> Fields {
    let demand = names.map { name in
      JSONLiteral.Member(name, .list(names.filter { $0 != name }.map { .text($0) }))
    }
    return demanding(["dependentRequired": .object(demand)], message) { has in
      [0, names.count].contains(names.count(where: has))
    }
  }

  /// Members that make no sense without another one.
  ///
  /// - Parameter message: reported at each of them; nil says at the object that the other one is missing.
  package func needing(_ other: String, for names: [String], else message: String? = nil) -> Fields {
    let demand = names.map { JSONLiteral.Member($0, [.text(other)]) }
    return demanding(
      ["dependentRequired": .object(demand)], message ?? "\"\(other)\" is missing", at: message == nil ? [] : names
    ) { has in has(other) || !names.contains(where: has) }
  }

  /// A member that must not stand beside another one.
  package func without(_ name: String, beside other: String, else message: String) -> Fields {
    demanding(["not": Self.has([other, name])], message, at: [name]) { !($0(name) && $0(other)) }
  }

  /// The same without some of the members, which are read and then refused.
  ///
  /// - Parameter names: made when an object is read.
  package func refusing(
    _ names: @autoclosure @escaping @Sendable () -> [String], else message: @escaping @Sendable (String) -> String
  ) -> Fields {
    Fields(declared: declared.filter { [names = names()] in !names.contains($0.name) }, demands: demands) { object in
      let value = decode(&object)
      let refused = names().filter { object.optional($0) != nil }
      for name in refused { object.member(name)?.report(message(name)) }
      return refused.isEmpty ? value : nil
    }
  }
}
