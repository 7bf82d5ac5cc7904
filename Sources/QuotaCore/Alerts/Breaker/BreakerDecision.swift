package import FoundationEssentials

/// Doubt about the vendor's figures as a whole.
package struct BreakerTrip: Hashable, Codable, Sendable {
  /// The run that found the figures suspect.
  package let run: Int64
  package let trippedAt: Date
  /// How many organizations were compared, and how many of them were beyond reason.
  package let compared: Int
  package let suspects: Int

  /// How it ended.
  package enum Ending: String, Sendable {
    case confirmed
    case denied
    /// Nothing that could be read decided it.
    case expired
  }

  package init(run: Int64, trippedAt: Date, compared: Int, suspects: Int) {
    self.run = run
    self.trippedAt = trippedAt
    self.compared = compared
    self.suspects = suspects
  }
}

/// What the end of a run decides on the doubts that are stored: its own, and those of runs before it, also of such that
/// were killed.
package struct BreakerDecision: Sendable {
  package enum Outcome: Hashable, Sendable {
    /// There is nothing to tell of the figures as a whole.
    case calm
    case tripped(BreakerTrip)
    /// The doubt goes on.
    case undecided
    /// The figures stand after all.
    case confirmed(BreakerTrip)
    /// The vendor has taken them back.
    case denied(BreakerTrip)
    /// A day has passed, and they could not be decided on.
    case expired(BreakerTrip)
  }

  /// What a run has looked at.
  package struct Scope: Sendable {
    package let run: Int64
    /// The organizations that were to be read.
    package let organizations: Set<OrganizationID>
    /// Those that had figures to be held against others.
    package let compared: Set<OrganizationID>

    package init(run: Int64, organizations: Set<OrganizationID>, compared: Set<OrganizationID>) {
      self.run = run
      self.organizations = organizations
      self.compared = compared
    }
  }

  package let outcome: Outcome
  /// Whose figures are judged now.
  package private(set) var released: [Doubt] = []
  /// Who stays in doubt, as it is to be stored.
  package private(set) var remaining: [Doubt] = []

  /// - Parameters:
  ///   - trip: the doubt about all figures that is not settled yet.
  ///   - doubts: every doubt that is stored.
  ///   - interval: how far apart runs usually are; nil if that is not known.
  package init(
    _ settings: Breaker, trip: BreakerTrip?, doubts: [Doubt], _ scope: Scope, interval: TimeSpan?, now: Date
  ) {
    let wait = Self.wait(interval)
    let doubts = doubts.map { $0.anchored(at: now) }
    guard settings.isEnabled else {
      outcome = trip.map { .confirmed($0) } ?? .calm
      released = doubts.filter { $0.status != .takenBack }
      return
    }
    guard let trip else {
      // What was found by a run that was killed, and taken back before anybody decided on it, speaks against the rest.
      let undecided = doubts.filter { $0.status != .held }
      let suspects = Set(undecided.filter(\.suspect.isTelling).map(\.organization))
      let compared = scope.compared.union(suspects)
      if !settings.trips(suspects: suspects.count, of: compared.count) {
        outcome = .calm
        sort(doubts, now) { doubt in
          doubt.status == .found
            ? scope.organizations.contains(doubt.organization) : doubt.hasStood(for: wait)
        }
      } else if Vote(undecided, wait: wait).isDenied(settings) {
        outcome = .calm
        deny(doubts, now)
      } else {
        outcome = .tripped(
          BreakerTrip(run: scope.run, trippedAt: now, compared: compared.count, suspects: suspects.count))
        remaining = doubts.map { $0.status == .takenBack ? $0 : $0.held() }
      }
      return
    }
    let vote = Vote(doubts, wait: wait)
    if vote.isDenied(settings) {
      outcome = .denied(trip)
      deny(doubts, now)
    } else if vote.isConfirmed {
      outcome = .confirmed(trip)
      sort(doubts, now) { $0.hasStood(for: wait) }
    } else if doubts.isEmpty || doubts.contains(where: { $0.isOver(at: now) }) {
      outcome = .expired(trip)
      sort(doubts, now) { _ in false }
    } else {
      outcome = .undecided
      remaining = doubts.map { $0.status == .found ? $0.held() : $0 }
    }
  }

  /// Divides what is in doubt into what is judged now, and what is not.
  private mutating func sort(_ doubts: [Doubt], _ now: Date, isReleased: (Doubt) -> Bool) {
    for doubt in doubts where doubt.status != .takenBack {
      if doubt.isOver(at: now) || isReleased(doubt) {
        released.append(doubt)
      } else {
        remaining.append(doubt.status == .found ? doubt.held() : doubt)
      }
    }
  }

  /// Others' figures were taken back: what is still in doubt has to stand for longer.
  private mutating func deny(_ doubts: [Doubt], _ now: Date) {
    sort(doubts, now) { _ in false }
    remaining = remaining.map { $0.restarted(at: now) }
  }

  /// For how long figures have to stand to be believed: for about the time between two runs, an hour at least and a day
  /// at most. Runs do not keep to the second.
  private static func wait(_ interval: TimeSpan?) -> TimeSpan {
    let usual = min(max(interval ?? .hours(1), .hours(1)), Doubt.longest)
    return .seconds(usual.seconds * 9 / 10)
  }

  /// What later readings say of the organizations whose figures were beyond reason.
  private struct Vote {
    private let takenBack: Set<OrganizationID>
    private let stood: Set<OrganizationID>
    private let standing: Set<OrganizationID>
    private let all: Set<OrganizationID>

    init(_ doubts: [Doubt], wait: TimeSpan) {
      let telling = doubts.filter(\.suspect.isTelling)
      func organizations(_ isIncluded: (Doubt) -> Bool) -> Set<OrganizationID> {
        Set(telling.filter(isIncluded).map(\.organization))
      }
      let doubted = organizations { $0.status != .takenBack }
      takenBack = organizations { $0.status == .takenBack }.subtracting(doubted)
      stood = organizations { $0.status != .takenBack && $0.stoodAt != nil }
      standing = organizations { $0.status != .takenBack && $0.hasStood(for: wait) }
      all = doubted.union(takenBack)
    }

    /// As many are back as would raise a doubt, or most of those that were read again, if that is half of them.
    func isDenied(_ settings: Breaker) -> Bool {
      if settings.trips(suspects: takenBack.count, of: all.count) { return true }
      return (takenBack.count + stood.count) * 2 >= all.count && takenBack.count > stood.count
    }

    /// Most of those that were read again have stood for long enough, if that is half of them.
    var isConfirmed: Bool {
      (takenBack.count + standing.count) * 2 >= all.count && standing.count > takenBack.count
    }
  }
}

extension TimeSpan {
  /// How far apart moments usually are; nil for fewer than two, and for such as lie within one second.
  package static func usualInterval(of moments: [Date]) -> TimeSpan? {
    let sorted = moments.sorted()
    let gaps = zip(sorted.dropFirst(), sorted).map { Int64($0.timeIntervalSince($1)) }.filter { $0 > 0 }.sorted()
    return gaps.isEmpty ? nil : .seconds(gaps[gaps.count / 2])
  }
}
