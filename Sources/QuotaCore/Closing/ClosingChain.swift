/// Follows the closing journal from its first entry and tells whether it is as it was written.
///
/// An entry that was changed has another hash than it says; one that was exchanged, removed or put in breaks the chain
/// behind it. Only entries that are cut off at the end leave no trace in the chain itself: for that the head's hash is
/// to be kept elsewhere, and looked for with ``hasSeen``.
package struct ClosingChain {
  /// What stands for the hash before the first entry.
  package static let genesis = String(repeating: "0", count: 64)

  private let hash: ContentHash
  private let sought: String?
  /// How many entries were followed.
  package private(set) var count: Int64 = 0
  /// The last entry's hash, ``genesis`` before the first.
  package private(set) var head = ClosingChain.genesis
  /// Whether the hash that is looked for was any entry's; true if none is looked for.
  package private(set) var hasSeen: Bool

  /// - Parameter sought: a hash that somebody has noted down earlier.
  package init(hash: @escaping ContentHash, lookingFor sought: String? = nil) {
    self.hash = hash
    self.sought = sought
    hasSeen = sought == nil || sought == Self.genesis
  }

  /// Follows the next entry; what is wrong with it comes back, a line each.
  ///
  /// - Parameter snapshot: the counters of the stored reading that the entry names; nil if it is not there any more.
  package mutating func follow(_ closing: Closing, snapshot: Counters?) -> [String] {
    var problems: [String] = []
    let name = "closing \(closing.sequence) (\(closing.entry.organization), \(closing.entry.month))"
    if closing.sequence != count + 1 {
      let missing = closing.sequence - count - 1
      problems.append("\(name): \(missing == 1 ? "the entry" : "\(missing.grouped) entries") before it cannot be found")
    }
    if closing.previousHash != head {
      problems.append("\(name): it does not follow from the entry before it, which has the hash \(head)")
    }
    let actual = hash(Array(closing.canonicalText.utf8))
    if actual != closing.hash {
      problems.append(
        "\(name): its fields were changed: they have the hash \(actual), it was written with \(closing.hash)")
    }
    if let closed = closing.closedMonth?.snapshot, closed.counters != snapshot {
      let found =
        snapshot.map { "reads \($0.counted.joined(separator: " and "))" } ?? "is not in the database any more"
      problems.append(
        "\(name): it was closed with \(closed.counters.counted.joined(separator: " and ")), "
          + "its snapshot \(closed.id) \(found)")
    }
    count = closing.sequence
    head = closing.hash
    if closing.hash == sought { hasSeen = true }
    return problems
  }
}
