import FoundationEssentials

/// In which order organizations are listed: each by that of its rows which comes first.
package enum StatusOrder: String, CaseIterable, Sendable {
  /// As in ``Urgency``.
  case urgency
  /// The most first, whatever it is of.
  case used
  /// The largest part of the quota first.
  case percent
  /// What is used up, and then what is used up the soonest.
  case runOut = "run-out"
  case name

  /// The rows in this order, those of an organization together.
  package func sorted(_ rows: [StatusRow]) -> [StatusRow] {
    var groups: [[StatusRow]] = []
    for row in rows {
      if groups.last?.first?.organization == row.organization {
        groups[groups.count - 1].append(row)
      } else {
        groups.append([row])
      }
    }
    return sorted(groups).flatMap { $0 }
  }

  private func sorted(_ groups: [[StatusRow]]) -> [[StatusRow]] {
    switch self {
    case .urgency: by(groups) { $0.map { Urgency($0) }.min() }
    case .used: by(groups) { $0.compactMap(\.used).max().map { -$0 } }
    case .percent: by(groups) { $0.compactMap(\.percent).max().map { -$0 } }
    case .runOut: by(groups) { $0.compactMap { $0.exhaustion?.from }.min() }
    case .name: by(groups) { $0.first.map { ($0.name.lowercased(), $0.organization) }.map { "\($0)\u{0}\($1)" } }
    }
  }

  /// What has no key comes last, and what has the same one stays as it is.
  private func by<Key: Comparable>(_ groups: [[StatusRow]], _ key: ([StatusRow]) -> Key?) -> [[StatusRow]] {
    let keyed = groups.map { (key($0), $0) }
    let known = keyed.compactMap { key, group in key.map { ($0, group) } }
    return known.sorted { $0.0 < $1.0 }.map(\.1) + keyed.filter { $0.0 == nil }.map(\.1)
  }
}
