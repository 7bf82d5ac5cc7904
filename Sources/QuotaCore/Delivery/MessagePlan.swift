package import FoundationEssentials

/// What is to be sent to one notifier now, what waits on, and what is not told at all.
package struct MessagePlan: Sendable {
  package private(set) var messages: [Message] = []
  package private(set) var held: [(notice: Notice, hold: Hold)] = []
  package private(set) var dropped: [(notice: Notice, reason: DropReason)] = []

  /// What a plan rests on besides the notices.
  package struct Circumstances: Sendable {
    package var now: Date
    package var silences: [Silence]
    /// Whether the vendor's figures are suspect at present.
    package var isBreakerOpen: Bool
    /// The organizations whose corrections are no news, since the vendor has taken back what was suspect.
    package var takenBack: Set<OrganizationID>
    package var billingTimeZone: TimeZone
    /// Whether any of the alerts that an event speaks of fires at present.
    package var stillFires: @Sendable (Event) -> Bool

    package init(
      now: Date, silences: [Silence] = [], isBreakerOpen: Bool = false, takenBack: Set<OrganizationID> = [],
      billingTimeZone: TimeZone, stillFires: @escaping @Sendable (Event) -> Bool = { _ in true }
    ) {
      self.now = now
      self.silences = silences
      self.isBreakerOpen = isBreakerOpen
      self.takenBack = takenBack
      self.billingTimeZone = billingTimeZone
      self.stillFires = stillFires
    }
  }

  /// - Parameters:
  ///   - waiting: the notifier's waiting notices in the order in which they came.
  ///   - groups: whether the channel can tell several events in one message.
  package init(_ waiting: [Notice], _ policy: DeliveryPolicy, groups: Bool, _ circumstances: Circumstances) {
    var free: [Notice] = []
    for notice in waiting {
      if let hold = policy.hold(notice, circumstances) {
        held.append((notice, hold))
      } else {
        free.append(notice)
      }
    }
    fold(&free, circumstances)
    compose(free, policy, groups: groups, now: circumstances.now)
  }

  /// Leaves out what was over before it could be told.
  private mutating func fold(_ free: inout [Notice], _ circumstances: Circumstances) {
    var reasons: [Int: DropReason] = [:]
    for (index, notice) in free.enumerated() {
      let event = notice.event
      if event.topic.isMomentary, event.organization.map(circumstances.takenBack.contains) ?? false {
        reasons[index] = .figuresTakenBack
      } else if case .waiting(.silence) = notice.state, event.transition == .firing || event.transition == .reminder,
        !event.topic.isMomentary, !circumstances.stillFires(event)
      {
        reasons[index] = .overMeanwhile
      }
    }
    for index in free.indices where free[index].event.transition == .resolved {
      let begun = Self.firings(endedBy: free[index].event, in: free[..<index], sparing: reasons)
      guard !begun.isEmpty else { continue }
      for other in begun + [index] { reasons[other] = .resolvedMeanwhile }
    }
    dropped += reasons.sorted { $0.key < $1.key }.map { (free[$0.key], $0.value) }
    free = free.enumerated().filter { reasons[$0.offset] == nil }.map(\.element)
  }

  /// The firings and reminders that a resolution ends wholly: every level that they have told is below again.
  private static func firings(
    endedBy resolution: Event, in earlier: ArraySlice<Notice>, sparing reasons: [Int: DropReason]
  ) -> [Int] {
    earlier.indices.filter { index in
      let event = earlier[index].event
      return reasons[index] != .resolvedMeanwhile && event.subject == resolution.subject
        && (event.transition == .firing || event.transition == .reminder || event.transition == .acknowledged)
        && event.episode == resolution.episode && Set(event.crossed).isSubset(of: resolution.crossed)
    }
  }

  private mutating func compose(_ free: [Notice], _ policy: DeliveryPolicy, groups: Bool, now: Date) {
    guard groups else {
      messages = free.map { .event($0.event) }
      return
    }
    var single: [Event] = []
    var together: [EventGroup.Occasion: [Event]] = [:]
    for notice in free {
      switch notice.state {
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
    if single.count > policy.groupAbove {
      messages = gathered + [Self.message(single, .run, now)].compactMap { $0 }
    } else {
      messages = gathered + single.map { .event($0) }
    }
    guard messages.count > policy.maximumMessages else { return }
    let rest = messages[(policy.maximumMessages - 1)...].flatMap(\.events)
    messages = messages.prefix(policy.maximumMessages - 1) + [Self.message(rest, .overflow, now)].compactMap { $0 }
  }

  /// A digest is a digest even with one entry; what was only held back reads as usual when it is alone.
  private static func message(_ events: [Event], _ occasion: EventGroup.Occasion, _ now: Date) -> Message? {
    if occasion != .digest, events.count == 1 { return events.first.map { .event($0) } }
    return EventGroup(events, occasion: occasion, composedAt: now).map { .group($0) }
  }
}
