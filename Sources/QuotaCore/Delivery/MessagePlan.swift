package import FoundationEssentials

/// What is to be sent to one notifier now, what waits on, and what is not told at all.
package struct MessagePlan: Sendable {
  package private(set) var messages: [Message] = []
  package internal(set) var held: [(notice: Notice, hold: Hold)] = []
  /// What is not told, and where something newer tells it, the id of that.
  package internal(set) var dropped: [(notice: Notice, reason: DropReason, newer: EventID?)] = []

  /// What a plan rests on besides the notices.
  package struct Circumstances: Sendable {
    package var now: Date
    package var silences: [Silence]
    /// The notifiers that were told that every key is refused, which has not ended.
    package var notifiedOfKeys: Set<NotifierID>
    package var billingTimeZone: TimeZone
    /// The subjects of which a firing is on its way to the notifier, and not delivered.
    package var unsentFirings: Set<String> = []
    /// The events of messages that were refused: told apart from others, which might be refused with them.
    package var refused: Set<EventID> = []
    /// Whether any of the alerts that an event speaks of fires at present.
    package var stillFires: @Sendable (Event) -> Bool
    /// Whether all the alerts that an event speaks of have been resolved.
    package var hasResolved: @Sendable (Event) -> Bool
    /// Whether none of them is watched any more.
    package var isUnwatched: @Sendable (Event) -> Bool = { _ in false }

    package init(
      now: Date, silences: [Silence] = [], notifiedOfKeys: Set<NotifierID> = [], billingTimeZone: TimeZone,
      stillFires: @escaping @Sendable (Event) -> Bool = { _ in true },
      hasResolved: @escaping @Sendable (Event) -> Bool = { _ in false }
    ) {
      self.now = now
      self.silences = silences
      self.notifiedOfKeys = notifiedOfKeys
      self.billingTimeZone = billingTimeZone
      self.stillFires = stillFires
      self.hasResolved = hasResolved
    }
  }

  /// - Parameters:
  ///   - waiting: the notifier's waiting notices in the order in which they came.
  ///   - groups: whether the channel can tell several events in one message.
  package init(_ waiting: [Notice], _ policy: DeliveryPolicy, groups: Bool, _ circumstances: Circumstances) {
    var free: [Notice] = []
    for notice in leavingOutReminders(waiting, circumstances) {
      if let hold = policy.hold(notice, circumstances) {
        held.append((notice, hold))
      } else {
        free.append(notice)
      }
    }
    fold(&free, circumstances)
    supersede(&free, places: Dictionary(uniqueKeysWithValues: zip(waiting.map(\.event.id), waiting.indices)))
    compose(free, policy, groups: groups, circumstances)
  }

  /// Leaves out what was over before it could be told.
  private mutating func fold(_ free: inout [Notice], _ circumstances: Circumstances) {
    var reasons: [Int: DropReason] = [:]
    for (index, notice) in free.enumerated() {
      let event = notice.event
      if case .waiting(let hold?) = notice.state, event.transition == .firing || event.transition == .reminder,
        !event.topic.kind.isMomentary
      {
        if circumstances.isUnwatched(event) {
          reasons[index] = .noLongerWatched
        } else if circumstances.hasResolved(event) {
          reasons[index] = .resolvedMeanwhile
        } else if hold == .silence, !circumstances.stillFires(event) {
          reasons[index] = .overMeanwhile
        }
      }
    }
    for index in Self.resolvedMeanwhile(free) where reasons[index] == nil { reasons[index] = .resolvedMeanwhile }
    for (index, reason) in reasons.sorted(by: { $0.key < $1.key }) { drop(free[index], reason) }
    free = free.enumerated().filter { reasons[$0.offset] == nil }.map(\.element)
  }

  /// The notices about levels that fired and ended while they waited.
  private static func resolvedMeanwhile(_ free: [Notice]) -> [Int] {
    guard free.contains(where: { $0.event.transition.isEnd }) else { return [] }
    return Dictionary(grouping: free.indices) { free[$0].event.subject }.values.flatMap { over(among: $0, of: free) }
  }

  /// The same for one subject: every firing and reminder whose levels have all ended later, and every resolution that
  /// ends nothing else. One that also ends what was told before stays.
  private static func over(among indices: [Int], of free: [Notice]) -> [Int] {
    var over: [Int] = []
    var unsent: [Int: Set<Level?>] = [:]
    for (place, index) in indices.enumerated() {
      let event = free[index].event
      guard [.firing, .reminder, .acknowledged].contains(event.transition) else { continue }
      let ends = levels(event).map { level in
        (level, indices[place...].first { isResolution(free[$0].event, of: level) })
      }
      guard ends.allSatisfy({ $0.1 != nil }) else { continue }
      over.append(index)
      guard event.transition == .firing else { continue }
      for case (let level, let resolution?) in ends { unsent[resolution, default: []].insert(level) }
    }
    return over + unsent.filter { $0.value.isSuperset(of: levels(free[$0.key].event)) }.map(\.key)
  }

  mutating func drop(_ notice: Notice, _ reason: DropReason, for newer: EventID? = nil) {
    dropped.append((notice, reason, newer))
  }

  private static func isResolution(_ event: Event, of level: Level?) -> Bool {
    event.transition.isEnd && levels(event).contains(level)
  }

  /// One that is nil for rules without levels.
  static func levels(_ event: Event) -> [Level?] { event.crossed.isEmpty ? [nil] : event.crossed }

  private mutating func compose(
    _ free: [Notice], _ policy: DeliveryPolicy, groups: Bool, _ circumstances: Circumstances
  ) {
    let now = circumstances.now
    guard groups else {
      messages = free.map { .event($0.event) }
      return
    }
    var alone: [Event] = []
    var repeated: [Event] = []
    var single: [Event] = []
    var together: [EventGroup.Occasion: [Event]] = [:]
    for notice in free {
      switch notice.state {
      case _ where notice.event.possibleRepetitionSince != nil: repeated.append(notice.event)
      case _ where notice.event.topic.kind.cannotWait: alone.append(notice.event)
      case _ where policy.digest != nil && notice.event.severity < .critical:
        together[.digest, default: []].append(notice.event)
      case .waiting(.some): together[.caughtUp, default: []].append(notice.event)
      default: single.append(notice.event)
      }
    }
    let occasions: [EventGroup.Occasion] = [.caughtUp, .digest]
    let gathered = occasions.compactMap { occasion in
      together[occasion].flatMap { Self.message($0, occasion, now) }
    }
    messages = gathered
    for refused in [false, true] {
      let events = single.filter { circumstances.refused.contains($0.id) == refused }
      messages +=
        events.count > policy.groupAbove
        ? [Self.message(events, .run, now)].compactMap { $0 } : events.map { .event($0) }
    }
    if messages.count > policy.maximumMessages {
      let rest = messages[(policy.maximumMessages - 1)...].flatMap(\.events)
      messages = messages.prefix(policy.maximumMessages - 1) + [Self.message(rest, .overflow, now)].compactMap { $0 }
    }
    messages = alone.map { .event($0) } + [Self.message(repeated, .restored, now)].compactMap { $0 } + messages
  }

  /// A digest is a digest even with one entry; what was only held back reads as usual when it is alone.
  private static func message(_ events: [Event], _ occasion: EventGroup.Occasion, _ now: Date) -> Message? {
    if occasion != .digest, events.count == 1 { return events.first.map { .event($0) } }
    return EventGroup(events, occasion: occasion, composedAt: now).map { .group($0) }
  }
}
