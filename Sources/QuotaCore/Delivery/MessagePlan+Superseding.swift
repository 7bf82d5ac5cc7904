package import FoundationEssentials

extension MessagePlan {
  /// Of several reminders about one thing the last is enough, none is needed before an end, and what is still to be told
  /// needs none either.
  mutating func leavingOutReminders(_ waiting: [Notice], _ circumstances: Circumstances) -> [Notice] {
    guard waiting.contains(where: { $0.event.transition == .reminder }) else { return waiting }
    var firing = circumstances.unsentFirings
    var repeated: Set<String> = []
    for notice in waiting where notice.event.transition == .firing { firing.insert(notice.event.subject) }
    var left: [Notice] = []
    for notice in waiting.reversed() {
      let subject = notice.event.subject
      if notice.event.transition != .reminder {
        if notice.event.transition.isEnd { repeated.insert(subject) }
        left.append(notice)
      } else if firing.contains(subject) {
        drop(notice, .firingWaits)
      } else if repeated.insert(subject).inserted {
        left.append(notice)
      } else {
        drop(notice, .superseded)
      }
    }
    return left.reversed()
  }

  /// Leaves out what was not told, or is held back, when something newer about the same thing goes out that says more;
  /// the newer event then names the levels of both. The end of what is left out so goes with it.
  ///
  /// - Parameter places: where a notice stands in the order in which they came.
  mutating func supersede(_ free: inout [Notice], places: [EventID: Int]) {
    var left: [Notice?] = free
    var earlier: [String: [Int]] = [:]
    var back: [(notice: Notice, hold: Hold)?] = held
    let heldBack = Dictionary(grouping: held.indices) { held[$0].notice.event.subject }
    for (index, notice) in free.enumerated() {
      let subject = notice.event.subject
      if notice.event.transition == .firing {
        var newer = notice
        var unsent: Set<Level?> = []
        for place in earlier[subject] ?? [] {
          guard let older = left[place] else { continue }
          if leaveOut(older, for: &newer) {
            if older.event.transition == .firing { unsent.formUnion(Self.levels(older.event)) }
            left[place] = nil
          } else if older.event.transition.isEnd, unsent.isSuperset(of: Self.levels(older.event)) {
            drop(older, .resolvedMeanwhile)
            left[place] = nil
          }
        }
        for place in heldBack[subject] ?? [] {
          guard let older = back[place]?.notice,
            (places[older.event.id] ?? 0) <= (places[notice.event.id] ?? 0), leaveOut(older, for: &newer)
          else { continue }
          back[place] = nil
        }
        left[index] = newer
      }
      earlier[subject, default: []].append(index)
    }
    free = left.compactMap { $0 }
    held = back.compactMap { $0 }
    nameWhatIsTold()
  }

  /// What was left out for something that is left out itself goes with what is told.
  private mutating func nameWhatIsTold() {
    let newer = Dictionary(
      dropped.compactMap { entry in entry.newer.map { (entry.notice.event.id, $0) } }
    ) { first, _ in first }
    for index in dropped.indices {
      while let next = dropped[index].newer.flatMap({ newer[$0] }) { dropped[index].newer = next }
    }
  }

  /// Drops a notice if the newer one makes it superfluous.
  private mutating func leaveOut(_ older: Notice, for newer: inout Notice) -> Bool {
    guard newer.event.supersedes(older.event) else { return false }
    drop(older, .superseded, for: newer.event.id)
    newer.event = newer.event.absorbing(older.event)
    return true
  }

  /// The messages on their way that are to be planned anew, since what is told now says more than they do, or ends what
  /// they begin: those of which nothing has been sent, and those that were refused and of which something is left unsaid by
  /// now. What waits behind such a message goes with it.
  package func outdated(among pending: [PendingMessage]) -> [PendingMessage] {
    let planned = messages.flatMap(\.events)
    let told = Set(planned.map(\.subject))
    let unsent = pending.filter { $0.attempts == 0 }.flatMap(\.notices).map(\.event)
    let newer = Dictionary(grouping: unsent + planned, by: \.subject)
    let outdated = Set(
      pending.filter { message in
        if message.attempts == 0 {
          return message.notices.contains { $0.event.transition != .resolved && told.contains($0.event.subject) }
        }
        return message.isAnswered
          && message.notices.contains { older in
            newer[older.event.subject]?.contains { $0.supersedes(older.event) } ?? false
          }
      })
    let subjects = Set(outdated.flatMap(\.notices).map(\.event.subject))
    return pending.filter { message in
      outdated.contains(message)
        || message.attempts == 0 && message.notices.contains { subjects.contains($0.event.subject) }
    }
  }
}

/// What messages were to tell that are taken back, and since when they have been tried.
///
/// What takes their place goes on with their age: what rises level by level is otherwise never given up, and nobody who stands
/// in hears of it. An end is news of its own.
package struct TakenBack: Sendable {
  private var events: [String: [(event: Event, since: Date)]] = [:]

  package init() {}

  package mutating func add(_ message: PendingMessage) {
    guard message.attempts > 0 else { return }
    for event in message.notices.map(\.event) { events[event.subject, default: []].append((event, message.queuedAt)) }
  }

  /// The beginning of the age of a message that is queued now: that of the oldest one of which it tells something, or
  /// something newer.
  package func age(of message: Message, queuedAt now: Date) -> Date {
    message.events.flatMap { event in
      (events[event.subject] ?? []).filter { older, _ in
        older.id == event.id || [.firing, .reminder].contains(event.transition) && event.supersedes(older)
      }.map(\.since)
    }.reduce(now, min)
  }
}

extension Event {
  /// Whether it makes an older event of the same thing superfluous: a firing where no level above its own fires, or
  /// what follows a reminder, be it another or the end.
  func supersedes(_ older: Event) -> Bool {
    guard subject == older.subject, !topic.kind.isMomentary else { return false }
    switch (transition, older.transition) {
    case (.firing, .firing), (.firing, .reminder): return firing.isEmpty || firing.last == level
    case (.reminder, .reminder), (.resolved, .reminder), (.expired, .reminder): return true
    case (_, _): return false
    }
  }

  /// Whether it says of all that an older event told that it is over.
  package func ends(_ older: Event) -> Bool {
    transition.isEnd && !older.transition.isEnd && subject == older.subject && occurredAt >= older.occurredAt
      && !older.topic.kind.isMomentary && Set(older.crossed).isSubset(of: crossed)
  }

  /// The event with the levels that an older one has crossed and that still fire.
  func absorbing(_ older: Event) -> Event {
    var event = self
    event.crossed = firing.filter { crossed.contains($0) || older.crossed.contains($0) }
    if event.crossed.isEmpty { event.crossed = crossed }
    event.severity = max(severity, older.severity)
    return event
  }
}

extension Event.Transition {
  /// Whether it says that something is over.
  var isEnd: Bool {
    switch self {
    case .resolved, .expired, .retired: true
    case .firing, .reopened, .reminder, .acknowledged, .test: false
    }
  }
}
