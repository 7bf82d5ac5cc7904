import FoundationEssentials

/// Finds keys that probably belong to the same organization, by their counters going through the same values.
package enum TwinSearch {
  /// The different values that have to be shared.
  package static let leastReadings = 3
  /// Smaller counters coincide by chance.
  package static let leastCount: Int64 = 50
  /// How far apart in time the two may show a value: keys are read one after the other, and values that stand still
  /// are seen for longer.
  package static let nearness = TimeSpan.hours(2)

  /// Of many organizations that share a value, each is compared with so many: enough to find a group of twins without
  /// comparing all with all.
  private static let companions = 4

  /// The twins of every organization that has some.
  ///
  /// - Parameter snapshots: the latest snapshots of the current month of each organization, oldest first; ten are plenty.
  package static func twins(in snapshots: [OrganizationID: [Snapshot]]) -> [OrganizationID: [Twin]] {
    var twins: [OrganizationID: [Twin]] = [:]
    for pair in candidates(in: snapshots) {
      guard let first = snapshots[pair.first], let second = snapshots[pair.second],
        let readings = sharedReadings(first, second)
      else { continue }
      twins[pair.first, default: []].append(Twin(organization: pair.second, readings: readings))
      twins[pair.second, default: []].append(Twin(organization: pair.first, readings: readings))
    }
    return twins.mapValues { $0.sorted { $0.organization < $1.organization } }
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

  /// How many different values two keys share, if that makes them twins: there are enough, they did not grow by the same
  /// amount each time (two nightly jobs of a hundred pages are no twins), and where both were seen at the same time they
  /// never showed something else.
  static func sharedReadings(_ first: [Snapshot], _ second: [Snapshot]) -> Int? {
    guard let month = first.last?.month, second.last?.month == month else { return nil }
    var shared: [Counters] = []
    for snapshot in first where isTelling(snapshot.counters) && !shared.contains(snapshot.counters) {
      let isShown = second.contains { $0.counters == snapshot.counters && areNear($0, snapshot) }
      if isShown { shared.append(snapshot.counters) }
    }
    guard shared.count >= leastReadings, growsUnevenly(shared), !contradict(first, second) else { return nil }
    return shared.count
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

  /// Whether both were seen to stand still at different values at the same moment.
  private static func contradict(_ first: [Snapshot], _ second: [Snapshot]) -> Bool {
    first.contains { one in
      second.contains { other in
        one.counters != other.counters && one.firstSeenAt <= other.lastSeenAt && other.firstSeenAt <= one.lastSeenAt
      }
    }
  }
}
