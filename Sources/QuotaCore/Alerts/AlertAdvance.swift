import FoundationEssentials

/// How long an alert that goes back and forth is kept from telling every turn.
package enum Damping {
  /// An alert that was resolved fires again at the earliest so long after it has fired.
  package static let refire = TimeSpan.hours(1)
  /// An alert without a turn for so long is calm.
  package static let calm = TimeSpan.hours(6)
  /// The firing, without a time of calm in between, that says that the alert flaps.
  package static let flaps: Int64 = 3
}

/// One verdict's effect on one alert.
struct AlertAdvance {
  enum Change: Equatable {
    /// There is nothing to tell.
    case silent
    case fired
    case resolved
    /// It still fires, and is told again.
    case reminded
    /// It is watched again and fires on.
    case reopened
    /// It never fired and no longer holds: nothing needs to be known of it.
    case forgotten
  }

  var alert: Alert
  let change: Change

  private init(_ alert: Alert, _ change: Change) {
    self.alert = alert
    self.change = change
  }

  /// The alert after a verdict; nil where nothing changes.
  ///
  /// - Parameter isNews: false for what happened before anybody watched; it is known, but never told.
  init?(_ known: Alert?, _ verdict: Verdict, rule: Rule, isNews: Bool, now: Date) {
    if let anchored = known?.anchored(to: now, remindEvery: rule.remindEvery) {
      self = AlertAdvance(anchored, verdict, rule: rule, isNews: isNews, now: now) ?? AlertAdvance(anchored, .silent)
      return
    }
    if let known, known.isUnmoved(by: verdict.holds, remindEvery: rule.remindEvery, now: now) { return nil }
    guard isNews || known != nil else {
      guard verdict.holds else { return nil }
      var alert = Alert(new: verdict, rule: rule, now: now)
      alert.status = .expired
      self.init(alert, .silent)
      return
    }
    switch (known?.status, verdict.holds) {
    case (nil, false), (.resolved, false), (.expired, _): return nil
    case (nil, true), (.resolved, true): self = Self.held(known, verdict, rule, now)
    case (.retired, true): self = Self.reopened(known, verdict, rule, now)
    case (.pending, true): self = Self.heldOn(known, verdict, rule, now)
    case (.pending, false): self = Self.passed(known, verdict, rule, now)
    case (.firing, true):
      guard let advance = Self.firesOn(known, verdict, rule, now) else { return nil }
      self = advance
    case (.firing, false), (.retired, false):
      guard let advance = Self.ended(known, verdict, rule, now) else { return nil }
      self = advance
    }
  }

  /// The condition has come true.
  private static func held(_ known: Alert?, _ verdict: Verdict, _ rule: Rule, _ now: Date) -> AlertAdvance {
    var alert = known ?? Alert(new: verdict, rule: rule, now: now)
    var notBefore: Date?
    if let known, !rule.kind.isMomentary {
      if known.status == .resolved, known.changedAt.isLess(than: Damping.calm, before: now) {
        let first = known.flapping ?? Flapping(count: 1, since: known.firedAt)
        alert.flapping = Flapping(count: first.count + 1, since: first.since)
      } else {
        alert.flapping = nil
      }
      if known.firedAt.isLess(than: Damping.refire, before: now) { notBefore = known.firedAt + Damping.refire }
    }
    let pending = Alert.Pending(since: now, readings: 1, notBefore: notBefore)
    guard !isLongEnough(pending, rule, verdict, now) else { return fire(alert, verdict, rule, now) }
    alert.pending = pending
    alert.status = .pending
    alert.changedAt = now
    alert.update(verdict, rule)
    return AlertAdvance(alert, .silent)
  }

  private static func heldOn(_ known: Alert?, _ verdict: Verdict, _ rule: Rule, _ now: Date) -> AlertAdvance {
    var alert = known ?? Alert(new: verdict, rule: rule, now: now)
    var pending = alert.pending ?? Alert.Pending(since: now, readings: 0, notBefore: nil)
    pending.readings += 1
    guard !isLongEnough(pending, rule, verdict, now) else { return fire(alert, verdict, rule, now) }
    alert.pending = pending
    alert.update(verdict, rule)
    return AlertAdvance(alert, .silent)
  }

  private static func isLongEnough(_ pending: Alert.Pending, _ rule: Rule, _ verdict: Verdict, _ now: Date) -> Bool {
    if rule.kind.isMomentary { return true }
    // Later than that it cannot be, unless a clock was ahead.
    if let notBefore = pending.notBefore, now < notBefore, notBefore <= now + Damping.refire { return false }
    switch rule.holdFor {
    case .readings(let count): return pending.readings >= count
    case .time(let span): return now >= pending.since + span
    }
  }

  private static func fire(_ known: Alert, _ verdict: Verdict, _ rule: Rule, _ now: Date) -> AlertAdvance {
    var alert = known
    // What happens in a moment is over when it is told.
    alert.status = rule.kind.isMomentary ? .resolved : .firing
    alert.episode += 1
    alert.firedAt = now
    alert.changedAt = now
    alert.pending = nil
    alert.acknowledgement = nil
    alert.reminders = 0
    alert.remindedAt = nil
    if alert.flapping.map({ $0.count >= Damping.flaps }) ?? false { alert.flapping?.lastHeldAt = now }
    alert.update(verdict, rule)
    return AlertAdvance(alert, .fired)
  }

  /// An alert that fired when it ceased to be watched: its episode goes on.
  private static func reopened(_ known: Alert?, _ verdict: Verdict, _ rule: Rule, _ now: Date) -> AlertAdvance {
    var alert = known ?? Alert(new: verdict, rule: rule, now: now)
    alert.status = .firing
    alert.changedAt = now
    alert.update(verdict, rule)
    return AlertAdvance(alert, .reopened)
  }

  /// A pending alert whose condition has passed without being told.
  private static func passed(_ known: Alert?, _ verdict: Verdict, _ rule: Rule, _ now: Date) -> AlertAdvance {
    var alert = known ?? Alert(new: verdict, rule: rule, now: now)
    guard alert.episode > 0 else { return AlertAdvance(alert, .forgotten) }
    alert.status = .resolved
    alert.changedAt = now
    alert.pending = nil
    alert.update(verdict, rule)
    return AlertAdvance(alert, .silent)
  }

  /// A firing alert whose condition still holds: flapping that calms down, reminders, an acknowledgement that has run out.
  private static func firesOn(_ known: Alert?, _ verdict: Verdict, _ rule: Rule, _ now: Date) -> AlertAdvance? {
    guard var alert = known else { return nil }
    guard let lastHeldAt = alert.flapping?.lastHeldAt else {
      guard alert.isReminderDue(every: rule.remindEvery, now: now) else { return nil }
      alert.acknowledgement = nil
      return remind(alert, verdict, rule, now)
    }
    // Only what has held through for a time of calm no longer flaps; until then nothing is told of it.
    if now >= alert.changedAt + Damping.calm {
      alert.flapping = nil
    } else if lastHeldAt < now {
      alert.flapping?.lastHeldAt = now
    }
    return AlertAdvance(alert, .silent)
  }

  private static func remind(_ known: Alert, _ verdict: Verdict, _ rule: Rule, _ now: Date) -> AlertAdvance {
    var alert = known
    alert.reminders += 1
    alert.remindedAt = now
    alert.update(verdict, rule)
    return AlertAdvance(alert, .reminded)
  }

  private static func ended(_ known: Alert?, _ verdict: Verdict, _ rule: Rule, _ now: Date) -> AlertAdvance? {
    guard var alert = known else { return nil }
    if let lastHeldAt = alert.flapping?.lastHeldAt, now < lastHeldAt + Damping.calm {
      // A turn: the time of calm begins anew.
      guard alert.changedAt < lastHeldAt else { return nil }
      alert.changedAt = now
      return AlertAdvance(alert, .silent)
    }
    alert.status = .resolved
    alert.changedAt = now
    alert.acknowledgement = nil
    if alert.flapping?.lastHeldAt != nil { alert.flapping = nil }
    alert.update(verdict, rule)
    return AlertAdvance(alert, .resolved)
  }
}

extension Alert {
  /// Whether a verdict changes nothing about it.
  func isUnmoved(by holds: Bool, remindEvery: TimeSpan?, now: Date) -> Bool {
    switch status {
    case .expired: true
    case .resolved: !holds
    case .pending, .retired: false
    case .firing:
      holds && flapping?.lastHeldAt == nil && !isReminderDue(every: remindEvery, now: now)
        && !isAhead(of: now, remindEvery: remindEvery)
    }
  }

  /// Whether it is to be told again that it fires: an acknowledgement has run out, or the rule's time has passed.
  fileprivate func isReminderDue(every span: TimeSpan?, now: Date) -> Bool {
    if let acknowledgement { return acknowledgement.until.map { $0 <= now } ?? false }
    return span.map { now >= (remindedAt ?? firedAt) + $0 } ?? false
  }

  /// An alert that has not fired yet.
  fileprivate init(new verdict: Verdict, rule: Rule, now: Date) {
    self.init(
      key: verdict.key, status: .pending, severity: rule.severity.of(verdict.key.level), episode: 0, firedAt: now,
      changedAt: now, reason: verdict.reason, evidence: verdict.evidence)
  }

  fileprivate mutating func update(_ verdict: Verdict, _ rule: Rule) {
    severity = rule.severity.of(verdict.key.level)
    reason = verdict.reason
    evidence = verdict.evidence
  }
}
