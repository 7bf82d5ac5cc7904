import FoundationEssentials

extension [Snapshot] {
  /// The snapshots in the order in which they were made, with times that go forward.
  ///
  /// Where stored times go back, a clock was wrong: the longest series of times that goes forward is taken for right, and
  /// what does not fit in is taken to be from the time between its neighbours.
  package var inOrderOfTime: [Snapshot] {
    let isOrdered = indices.dropFirst().allSatisfy { self[$0 - 1].id < self[$0].id }
    let ordered = isOrdered ? self : sorted { $0.id < $1.id }
    var isBack = false
    var (previous, lasts) = (Date.distantPast, ByMonth<Date>())
    for snapshot in ordered {
      if snapshot.firstSeenAt < Swift.max(previous, lasts[snapshot.month] ?? previous) { isBack = true }
      previous = snapshot.firstSeenAt
      lasts[snapshot.month] = snapshot.lastSeenAt
    }
    return isBack ? Self.straightened(ordered) : ordered
  }

  private static func straightened(_ ordered: [Snapshot]) -> [Snapshot] {
    let right = Set(longestForward(ordered.map(\.firstSeenAt)))
    var result = ordered
    var limit: Date?
    var limits: [BillingMonth: Date] = [:]
    for index in ordered.indices.reversed() {
      let snapshot = ordered[index]
      let first =
        right.contains(index)
        ? snapshot.firstSeenAt
        : limit ?? ordered[..<index].indices.last { right.contains($0) }.map { ordered[$0].firstSeenAt } ?? .distantPast
      let last = right.contains(index) ? snapshot.lastSeenAt : first
      result[index] = Snapshot(
        id: snapshot.id, organization: snapshot.organization, month: snapshot.month, counters: snapshot.counters,
        firstSeenAt: first, lastSeenAt: Swift.max(first, Swift.min(last, limits[snapshot.month] ?? last)))
      limit = first
      limits[snapshot.month] = first
    }
    return result
  }

  /// The places of the longest series that never goes back.
  private static func longestForward(_ times: [Date]) -> [Int] {
    // The place of the earliest last time of a series of each length, and what comes before each place in its series.
    var ends: [Int] = []
    var before = [Int?](repeating: nil, count: times.count)
    for index in times.indices {
      var (low, high) = (0, ends.count)
      while low < high {
        let middle = (low + high) / 2
        if times[ends[middle]] <= times[index] { low = middle + 1 } else { high = middle }
      }
      before[index] = low > 0 ? ends[low - 1] : nil
      if low == ends.count { ends.append(index) } else { ends[low] = index }
    }
    return [Int](sequence(first: ends.last) { $0.flatMap { before[$0] } }.prefix { $0 != nil }.compactMap { $0 })
  }
}
