/// The values of a JSON array.
///
/// Of a long list, what makes its values may be kept instead of them, such as its text: then each is made again whenever it is
/// looked at, and takes no memory in between. Hundreds of thousands of organizations take four times as much as values.
package struct JSONList: RandomAccessCollection, Sendable {
  private enum Storage: Sendable {
    case values([JSONNode])
    case made(count: Int, value: @Sendable (Int) -> JSONNode)
    /// Several lists, and where each ends.
    case joined([JSONList], ends: [Int])
  }

  private let storage: Storage

  /// How many values of a configuration's lists are kept as such.
  package static let long = 16_384

  package init(_ values: [JSONNode]) {
    storage = .values(values)
  }

  /// - Parameter value: makes one of the values, always the same.
  init(count: Int, value: @escaping @Sendable (_ index: Int) -> JSONNode) {
    storage = .made(count: count, value: value)
  }

  /// One list after another.
  package func joined(with other: JSONList) -> JSONList {
    switch (storage, other.storage) {
    case (.values(let values), .values(let others)): JSONList(values + others)
    case (.joined(let lists, let ends), _): JSONList(lists + [other], ends: ends + [count + other.count])
    default: JSONList([self, other], ends: [count, count + other.count])
    }
  }

  private init(_ lists: [JSONList], ends: [Int]) {
    storage = .joined(lists, ends: ends)
  }

  package var startIndex: Int { 0 }

  package var endIndex: Int {
    switch storage {
    case .values(let values): values.count
    case .made(let count, _): count
    case .joined(_, let ends): ends.last ?? 0
    }
  }

  package subscript(index: Int) -> JSONNode {
    switch storage {
    case .values(let values): return values[index]
    case .made(_, let value): return value(index)
    case .joined(let lists, let ends):
      let number = ends.partitioningIndex { $0 > index }
      return lists[number][number > 0 ? index - ends[number - 1] : index]
    }
  }
}

extension JSONList: Equatable {
  package static func == (one: JSONList, other: JSONList) -> Bool { one.elementsEqual(other) }
}

extension JSONList: ExpressibleByArrayLiteral {
  package init(arrayLiteral values: JSONNode...) {
    self.init(values)
  }
}
