/// The values of a JSON array.
///
/// A long list may be kept as its text: then each value is read again whenever it is looked at, and takes no memory in
/// between. Hundreds of thousands of organizations take four times as much as values.
package struct JSONList: RandomAccessCollection, Sendable {
  private enum Storage: Sendable {
    case values([JSONNode])
    case text(Text)
    /// Several lists, and where each ends.
    case joined([JSONList], ends: [Int])
  }

  /// A text that was parsed before, and where in it the values begin.
  private struct Text: Sendable {
    let bytes: [UInt8]
    let base: Int
    let starts: [UInt32]
  }

  private let storage: Storage

  /// How many values of a configuration's lists are kept as such.
  package static let long = 16_384

  package init(_ values: [JSONNode]) {
    storage = .values(values)
  }

  /// - Parameters:
  ///   - bytes: JSON.
  ///   - base: see ``JSONParser/parse(_:from:keepingListsFrom:)``.
  ///   - starts: where in the bytes the values begin.
  init(in bytes: [UInt8], from base: Int, startingAt starts: [UInt32]) {
    storage = .text(Text(bytes: bytes, base: base, starts: starts))
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
    case .text(let text): text.starts.count
    case .joined(_, let ends): ends.last ?? 0
    }
  }

  package subscript(index: Int) -> JSONNode {
    switch storage {
    case .values(let values): return values[index]
    case .text(let text): return JSONParser.value(in: text.bytes, at: Int(text.starts[index]), from: text.base)
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
