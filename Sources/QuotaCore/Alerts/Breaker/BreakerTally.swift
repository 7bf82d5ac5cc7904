package import FoundationEssentials

/// Doubt about the vendor's figures that is not settled yet.
package struct BreakerTrip: Hashable, Codable, Sendable {
  /// The run that found the figures suspect.
  package let run: Int64
  package let trippedAt: Date
  /// How many organizations were compared.
  package let compared: Int64
  package let suspects: [Suspect]
  /// Nil while it is not known whether the figures stand. Afterwards the suspects are those that could not be read since,
  /// and only they are in doubt.
  package let isConfirmed: Bool?

  package init(run: Int64, trippedAt: Date, compared: Int64, suspects: [Suspect], isConfirmed: Bool? = nil) {
    self.run = run
    self.trippedAt = trippedAt
    self.compared = compared
    self.suspects = suspects
    self.isConfirmed = isConfirmed
  }

  /// The organizations whose own figures are still in doubt.
  package var organizations: Set<OrganizationID> { Set(suspects.map(\.organization)) }
}

/// What one run says of the figures as a whole: gathers its readings, and decides at its end.
package struct BreakerTally: Sendable {
  private let settings: Breaker
  private let open: BreakerTrip?
  private let earlier: [OrganizationID: Suspect]
  private var compared: Int64 = 0
  private var suspects: [Suspect] = []
  private var standing: Set<OrganizationID> = []
  /// The suspects of an earlier run whose figures the vendor has taken back.
  package private(set) var takenBack: Set<OrganizationID> = []

  /// An open doubt is settled at the latest after so long, whatever can be read.
  private static let longestDoubt = TimeSpan.hours(24)

  /// - Parameter open: the doubt of an earlier run that is not settled yet.
  package init(_ settings: Breaker, open: BreakerTrip?) {
    self.settings = settings
    self.open = open
    earlier = Dictionary(open?.suspects.map { ($0.organization, $0) } ?? []) { first, _ in first }
  }

  /// Adds an organization that was read.
  package mutating func add(_ months: [ObservedMonth]) {
    if let known = months.first.flatMap({ earlier[$0.snapshot.organization] }),
      let month = months.first(where: { $0.snapshot.month == known.month })
    {
      if known.isTakenBack(by: month.snapshot.counters[known.metric]) {
        takenBack.insert(known.organization)
      } else {
        standing.insert(known.organization)
      }
    }
    guard let current = months.first, current.before != nil else { return }
    compared += 1
    // What was in doubt before, and moves back, is no new doubt.
    if earlier[current.snapshot.organization] == nil, let suspect = Suspect(current) { suspects.append(suspect) }
  }

  package enum Outcome: Sendable {
    /// Nothing is beyond reason, and nothing was.
    case calm
    case tripped(BreakerTrip)
    /// The doubt goes on: too few of the suspects could be read again.
    case undecided(BreakerTrip)
    /// The figures stand after all.
    case confirmed(BreakerTrip)
    /// The vendor has taken them back.
    case denied(BreakerTrip)
    /// It was decided before; some suspects had not been read by then.
    case settling(BreakerTrip)
  }

  package func outcome(run: Int64, now: Date) -> Outcome {
    if let open, open.isConfirmed == nil {
      if (standing.count + takenBack.count) * 2 >= earlier.count {
        return takenBack.count > standing.count ? .denied(open) : .confirmed(open)
      }
      return now >= open.trippedAt + Self.longestDoubt ? .confirmed(open) : .undecided(open)
    }
    guard settings.trips(suspects: Int64(suspects.count), of: compared) else {
      return open.map { .settling($0) } ?? .calm
    }
    let left = open.map { unread(of: $0, now: now) } ?? []
    return .tripped(
      BreakerTrip(
        run: run, trippedAt: now, compared: compared + Int64(left.count), suspects: suspects + left))
  }

  /// What is left of a doubt that is decided: the suspects that could not be read yet, whose alerts are still held. Nil if
  /// there is none, or if their time is over.
  package func rest(of trip: BreakerTrip, isConfirmed: Bool, now: Date) -> BreakerTrip? {
    let unread = unread(of: trip, now: now)
    guard !unread.isEmpty else { return nil }
    return BreakerTrip(
      run: trip.run, trippedAt: trip.trippedAt, compared: trip.compared, suspects: unread, isConfirmed: isConfirmed)
  }

  private func unread(of trip: BreakerTrip, now: Date) -> [Suspect] {
    guard now < trip.trippedAt + Self.longestDoubt else { return [] }
    return trip.suspects.filter { !standing.contains($0.organization) && !takenBack.contains($0.organization) }
  }
}

extension BreakerTally.Outcome {
  /// What there is to tell of it.
  package func event(now: Date) -> Event? {
    switch self {
    case .calm, .undecided, .settling: nil
    case .tripped(let trip):
      Event(
        trip, .firing, now: now,
        reason: "\(trip.words) at once; alerts are held until the next readings confirm or deny it")
    case .confirmed(let trip):
      Event(trip, .resolved, now: now, reason: "later readings confirm the figures; the alerts held are told now")
    case .denied(let trip):
      Event(
        trip, .resolved, now: now, reason: "the vendor has taken the figures back; alerts that rest on them are dropped"
      )
    }
  }
}

extension BreakerTrip {
  /// `12 of 40 organizations jumped beyond reason`.
  fileprivate var words: String {
    let jumps = suspects.count { $0.move == .jump }
    let move = jumps == suspects.count ? "jumped" : jumps == 0 ? "dropped" : "jumped or dropped"
    return "\(suspects.count) of \(compared) organizations \(move) beyond reason"
  }
}

extension Event {
  fileprivate init(_ trip: BreakerTrip, _ transition: Transition, now: Date, reason: String) {
    var evidence = Evidence(observedAt: now)
    evidence.compared = trip.compared
    evidence.affected = Int64(trip.suspects.count)
    self.init(
      id: EventID(rawValue: "\(Breaker.rule)/run-\(trip.run)/\(transition.rawValue)/1"), transition: transition,
      rule: Breaker.rule, topic: .breaker, severity: .critical, organization: nil, organizationName: "",
      reason: reason, evidence: evidence, occurredAt: now)
  }
}
