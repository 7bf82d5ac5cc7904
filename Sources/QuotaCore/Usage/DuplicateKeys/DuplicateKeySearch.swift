import FoundationEssentials

/// Finds keys that probably belong to the same organization, by their counters going through the same values.
package enum DuplicateKeySearch {
  /// The different values that have to be shared.
  package static let leastReadings = 3
  /// Smaller counters coincide by chance.
  package static let leastCount: Int64 = 50
  /// How far apart in time the two may show a value: keys are read one after the other, and values that stand still
  /// are seen for longer.
  package static let nearness = TimeSpan.hours(2)

  /// Of many organizations that share a value, each is compared with so many: enough to find a group of duplicates without
  /// comparing all with all.
  private static let companions = 4

  /// What there is to say of every organization, as far as its counters say something.
  ///
  /// - Parameters:
  ///   - snapshots: the latest snapshots of the current month of each organization, oldest first; ten are plenty.
  ///   - known: which were said to show the same as which; these are compared whether they share a value or not.
  package static func findings(
    in snapshots: [OrganizationID: [Snapshot]], known: [(OrganizationID, OrganizationID)] = []
  ) -> [OrganizationID: DuplicateKeys] {
    var findings: [OrganizationID: DuplicateKeys] = [:]
    for pair in candidates(in: snapshots).union(known.map { Pair(first: min($0, $1), second: max($0, $1)) }) {
      guard let first = snapshots[pair.first], let second = snapshots[pair.second] else { continue }
      switch compare(first, second) {
      case .duplicates(let readings):
        findings[pair.first, default: .init()].duplicates.append(
          DuplicateKey(organization: pair.second, readings: readings))
        findings[pair.second, default: .init()].duplicates.append(
          DuplicateKey(organization: pair.first, readings: readings))
      case .strangers:
        findings[pair.first, default: .init()].strangers.insert(pair.second)
        findings[pair.second, default: .init()].strangers.insert(pair.first)
      case .unknown: break
      }
    }
    return findings.mapValues { finding in
      DuplicateKeys(
        duplicates: finding.duplicates.sorted { $0.organization < $1.organization }, strangers: finding.strangers)
    }
  }

  private struct Pair: Hashable {
    let first: OrganizationID
    let second: OrganizationID
  }

  /// Who shares a value with whom, found by the value.
  private static func candidates(in snapshots: [OrganizationID: [Snapshot]]) -> Set<Pair> {
    var holders: [Counters: [OrganizationID]] = [:]
    for organization in snapshots.keys.sorted() {
      for counters in Set(snapshots[organization, default: []].map(\.counters)) where isTelling(counters) {
        holders[counters, default: []].append(organization)
      }
    }
    var pairs: Set<Pair> = []
    for holder in holders.values where holder.count > 1 {
      for (index, second) in holder.enumerated() {
        for first in holder.prefix(min(index, companions)) { pairs.insert(Pair(first: first, second: second)) }
      }
    }
    return pairs
  }

  private static func isTelling(_ counters: Counters) -> Bool {
    max(counters.pages, counters.conversions) >= leastCount
  }

  /// What the counters of two keys say of them.
  enum Comparison: Hashable {
    /// They share so many different values.
    case duplicates(readings: Int)
    case strangers
    /// There is too little of the month yet.
    case unknown
  }

  /// Two keys are duplicates if they share enough values, did not grow by the same amount each time (two nightly jobs of a
  /// hundred pages are no duplicates), and never showed different ones at the same time. They are strangers if they did, or
  /// if each has shown enough values and none is shared.
  static func compare(_ first: [Snapshot], _ second: [Snapshot]) -> Comparison {
    guard let month = first.last?.month, second.last?.month == month else { return .unknown }
    if contradict(first, second) { return .strangers }
    var shared: [Counters] = []
    for snapshot in first where isTelling(snapshot.counters) && !shared.contains(snapshot.counters) {
      let isShown = second.contains { $0.counters == snapshot.counters && areNear($0, snapshot) }
      if isShown { shared.append(snapshot.counters) }
    }
    if shared.isEmpty, [first, second].allSatisfy({ tellingValues($0) >= leastReadings }) { return .strangers }
    return shared.count >= leastReadings && growsUnevenly(shared) ? .duplicates(readings: shared.count) : .unknown
  }

  private static func tellingValues(_ snapshots: [Snapshot]) -> Int {
    Set(snapshots.map(\.counters).filter(isTelling)).count
  }

  private static func areNear(_ first: Snapshot, _ second: Snapshot) -> Bool {
    first.firstSeenAt <= second.lastSeenAt + nearness && second.firstSeenAt <= first.lastSeenAt + nearness
  }

  private static func growsUnevenly(_ values: [Counters]) -> Bool {
    func differ(_ metric: Metric) -> Bool {
      Set(zip(values.dropFirst(), values).map { $0[metric] - $1[metric] }).count > 1
    }
    // Conversions follow from pages; they tell something by themselves only where no pages are counted.
    return differ(.pages) || (values.allSatisfy { $0.pages == values[0].pages } && differ(.conversions))
  }

  /// Whether both were seen to stand still at different values at the same moment, one of them large enough to say
  /// something.
  private static func contradict(_ first: [Snapshot], _ second: [Snapshot]) -> Bool {
    first.contains { one in
      second.contains { other in
        (isTelling(one.counters) || isTelling(other.counters)) && one.counters != other.counters
          && one.firstSeenAt <= other.lastSeenAt && other.firstSeenAt <= one.lastSeenAt
      }
    }
  }
}
