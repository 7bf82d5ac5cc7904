import FoundationEssentials
import QuotaCore

/// Tells the readings of a batch that can be judged from those that are beyond reason, which are stored as doubts in the
/// transaction of the readings: whether this run ends or not, somebody will decide on them.
struct DoubtKeeping {
  private let isEnabled: Bool
  private let isTripped: Bool
  /// Whether others may have been read before, so that figures to hold against nothing may be among suspect ones.
  private let isExperienced: Bool
  private let known: [OrganizationID: [BillingMonth: Doubt]]
  private let now: Date
  /// The organizations that had figures to be held against others.
  private(set) var compared: Set<OrganizationID> = []

  init(_ settings: Breaker, in reader: any StoreReader, now: Date) throws {
    isEnabled = settings.isEnabled
    known = Dictionary(grouping: try reader.doubts(), by: \.organization).mapValues { doubts in
      Dictionary(doubts.map { ($0.month, $0) }) { first, _ in first }
    }
    isTripped = try reader.openBreakerTrip() != nil
    isExperienced = try reader.lastRun() != nil
    self.now = now
  }

  /// The months of one organization that can be judged. One whose figures were taken back is held against the reading
  /// before them, as if there had been no other.
  mutating func judgeable(
    _ months: [ObservedMonth], _ state: OrganizationState, in writer: any StoreWriter
  ) throws -> [ObservedMonth] {
    guard isEnabled else { return months }
    return try months.compactMap { month in
      let name = month.snapshot.month
      let previous = name.advanced(by: -1).flatMap { state.months[$0]?.snapshot.counters }
      let isFirst = month.before == nil && previous == nil
      if !isFirst { compared.insert(month.snapshot.organization) }
      var judged = month
      if let doubt = known[month.snapshot.organization]?[name], doubt.status != .takenBack {
        let next = doubt.after(month, at: now)
        guard next.status == .takenBack else {
          try writer.save(next)
          return nil
        }
        // Kept while it speaks against the others'.
        try doubt.status == .found || isTripped ? writer.save(next) : writer.remove(next)
        judged = month.held(against: doubt.base)
      }
      let suspect = isFirst && isExperienced ? Suspect(first: judged) : Suspect(judged, previous: previous)
      guard let suspect else { return judged }
      try writer.save(Doubt(suspect, judged, at: now))
      return nil
    }
  }
}
