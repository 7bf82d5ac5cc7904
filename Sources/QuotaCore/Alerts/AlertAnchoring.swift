import FoundationEssentials

extension Alert {
  /// The alert with everything that waits for some time to pass counted from now, where a clock that was ahead has stored
  /// a later time; nil where none has.
  func anchored(to now: Date, remindEvery: TimeSpan?) -> Alert? {
    guard status == .pending || status == .firing, isAhead(of: now, remindEvery: remindEvery) else { return nil }
    var alert = self
    if let pending, pending.since > now {
      alert.pending = Pending(since: now, readings: pending.readings, notBefore: pending.notBefore)
    }
    if status == .firing {
      if waitsForReminder(since: now, every: remindEvery) { alert.remindedAt = now }
      alert.acknowledgement = acknowledgement?.anchored(to: now)
      if let flapping, flapping.lastHeldAt != nil { alert.changedAt = min(changedAt, now) }
      if let lastHeldAt = flapping?.lastHeldAt { alert.flapping?.lastHeldAt = min(lastHeldAt, now) }
    }
    return alert
  }

  /// Whether something that decides what is due next was stored with a time that lies after now.
  func isAhead(of now: Date, remindEvery: TimeSpan?) -> Bool {
    switch status {
    case .pending: pending.map { $0.since > now } ?? false
    case .firing:
      waitsForReminder(since: now, every: remindEvery) || acknowledgement.map { $0.at > now } ?? false
        || flapping?.lastHeldAt.map { max($0, changedAt) > now } ?? false
    case .resolved, .expired, .retired: false
    }
  }

  private func waitsForReminder(since now: Date, every span: TimeSpan?) -> Bool {
    span != nil && (remindedAt ?? firedAt) > now
  }
}

extension Acknowledgement {
  /// The same for as long, from now on, if it begins later: it was made before now.
  fileprivate func anchored(to now: Date) -> Acknowledgement {
    guard at > now else { return self }
    return Acknowledgement(
      by: by, at: now, until: until.map { now.addingTimeInterval($0.timeIntervalSince(at)) }, note: note)
  }
}
