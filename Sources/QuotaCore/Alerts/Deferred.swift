/// A value that is worked out when somebody asks for it, and each time that somebody does.
package struct Deferred<Value: Hashable & Sendable>: Hashable, Sendable {
  private let make: @Sendable () -> Value

  package init(_ make: @escaping @Sendable () -> Value) {
    self.make = make
  }

  package var value: Value { make() }

  package static func == (first: Deferred, second: Deferred) -> Bool { first.value == second.value }

  package func hash(into hasher: inout Hasher) { hasher.combine(value) }
}
