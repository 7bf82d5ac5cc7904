/// The name of one thing, of a type of its own for each kind of thing: an organization's can't be taken for a rule's.
package struct ID<Subject>: RawRepresentable, Hashable, Comparable, Codable, Sendable, CustomStringConvertible {
  package let rawValue: String

  package init(rawValue: String) {
    self.rawValue = rawValue
  }

  package init(_ rawValue: String) {
    self.rawValue = rawValue
  }

  package var description: String { rawValue }

  package static func < (first: Self, second: Self) -> Bool { first.rawValue < second.rawValue }
}
