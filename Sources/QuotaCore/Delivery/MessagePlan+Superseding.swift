extension MessagePlan {
  /// Of several reminders about one thing the last is enough, and what is still to be told needs none.
  mutating func leavingOutReminders(_ waiting: [Notice], _ circumstances: Circumstances) -> [Notice] {
    guard waiting.contains(where: { $0.event.transition == .reminder }) else { return waiting }
    var firing = circumstances.unsentFirings
    var repeated: Set<String> = []
    for notice in waiting where notice.event.transition == .firing { firing.insert(notice.event.subject) }
    var left: [Notice] = []
    for notice in waiting.reversed() {
      let subject = notice.event.subject
      if notice.event.transition != .reminder {
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
  /// the newer event then names the levels of both.
  ///
  /// - Parameter places: where a notice stands in the order in which they came.
  mutating func supersede(_ free: inout [Notice], places: [EventID: Int]) {
    var left: [Notice] = []
    for notice in free {
      var newer = notice
      if notice.event.transition == .firing {
        left = left.filter { !leaveOut($0, for: &newer) }
        held = held.filter { older, _ in
          (places[older.event.id] ?? 0) > (places[notice.event.id] ?? 0) || !leaveOut(older, for: &newer)
        }
      }
      left.append(newer)
    }
    free = left
  }

  /// Drops a notice if the newer one makes it superfluous.
  private mutating func leaveOut(_ older: Notice, for newer: inout Notice) -> Bool {
    guard newer.event.supersedes(older.event) else { return false }
    drop(older, .superseded, for: newer.event.id)
    newer.event = newer.event.absorbing(older.event)
    return true
  }

  /// The messages on their way that are to be planned anew, since what is told now says more than they do, or ends what
  /// they begin: those of which nothing has been sent, and a single one that was refused.
  package func outdated(among pending: [PendingMessage]) -> [PendingMessage] {
    let planned = Dictionary(grouping: messages.flatMap(\.events), by: \.subject)
    return pending.filter { message in
      if message.attempts == 0 {
        return message.notices.contains { $0.event.transition != .resolved && planned[$0.event.subject] != nil }
      }
      guard message.isAnswered, message.notices.count == 1, let older = message.notices.first?.event else {
        return false
      }
      return planned[older.subject]?.contains { $0.supersedes(older) } ?? false
    }
  }
}

extension Event {
  /// Whether it makes an older event of the same thing superfluous: a firing where no level above its own fires, or a
  /// reminder after another.
  func supersedes(_ older: Event) -> Bool {
    guard subject == older.subject, !topic.kind.isMomentary else { return false }
    switch (transition, older.transition) {
    case (.firing, .firing), (.firing, .reminder): return firing.isEmpty || firing.last == level
    case (.reminder, .reminder): return true
    case (_, _): return false
    }
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
