/// What the words of a file stand for. A `*` in a word stands for any text; upper and lower case are the same.
package struct WordMap<Value: Hashable & Sendable>: Hashable, Sendable {
  private var exact: [String: Value] = [:]
  private var patterns: [(pieces: [String], value: Value)] = []

  package init() {}

  package init(_ entries: [(word: String, value: Value)]) {
    for entry in entries { add(entry.word, entry.value) }
  }

  package mutating func add(_ word: String, _ value: Value) {
    guard word.contains("*") else {
      exact[word.lowercased()] = value
      return
    }
    let pieces = Self.pieces(word)
    patterns.removeAll { $0.pieces == pieces }
    patterns.append((pieces, value))
  }

  /// This map, with another's words where both have them.
  package func merging(_ other: WordMap) -> WordMap {
    var merged = self
    merged.exact.merge(other.exact) { $1 }
    for (pieces, value) in other.patterns {
      merged.patterns.removeAll { $0.pieces == pieces }
      merged.patterns.append((pieces, value))
    }
    return merged
  }

  /// What a word stands for: as it is written, or else by every pattern that it matches. More than one answer is none.
  package func values(for word: String) -> Set<Value> {
    let folded = word.lowercased()
    if let value = exact[folded] { return [value] }
    return Set(patterns.filter { Self.matches(folded, $0.pieces) }.map(\.value))
  }

  /// The texts between the asterisks of a pattern.
  private static func pieces(_ pattern: String) -> [String] {
    pattern.lowercased().split(separator: "*", omittingEmptySubsequences: false).map(String.init)
  }

  private static func matches(_ word: String, _ pieces: [String]) -> Bool {
    guard let first = pieces.first, let last = pieces.last, word.hasPrefix(first) else { return false }
    var rest = word.dropFirst(first.count)
    for piece in pieces.dropFirst().dropLast() where !piece.isEmpty {
      guard let range = rest.firstRange(of: piece) else { return false }
      rest = rest[range.upperBound...]
    }
    return rest.count >= last.count && rest.hasSuffix(last)
  }

  package static func == (first: WordMap, second: WordMap) -> Bool {
    first.exact == second.exact
      && first.patterns.elementsEqual(second.patterns) { $0.pieces == $1.pieces && $0.value == $1.value }
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(exact)
    for pattern in patterns { hasher.combine(pattern.pieces) }
  }
}
