import FoundationEssentials
package import QuotaCore

/// What waits for each channel, and what it did not take.
package struct DeliveriesPage: Sendable {
  /// A channel, as far as the visitor may see it.
  package struct ChannelView: Sendable {
    package let id: NotifierID
    package let type: String
    package let health: ChannelHealth
    package let lastDelivered: Delivery?
    package let pending: [Waiting]
    package let dead: [DeadLetter]
    /// What is to be put into a message.
    package let waiting: [Notice]

    package init(
      id: NotifierID, type: String, health: ChannelHealth, lastDelivered: Delivery?, pending: [Waiting],
      dead: [DeadLetter], waiting: [Notice]
    ) {
      (self.id, self.type, self.health, self.lastDelivered) = (id, type, health, lastDelivered)
      (self.pending, self.dead, self.waiting) = (pending, dead, waiting)
    }
  }

  /// A message that is on its way, and what it tells.
  package struct Waiting: Sendable {
    package let delivery: Delivery
    package let events: [Event]

    package init(delivery: Delivery, events: [Event]) {
      (self.delivery, self.events) = (delivery, events)
    }
  }

  private let channels: [ChannelView]
  private let query: ListQuery

  /// How many events of a message are shown.
  private static let shownEvents = 20

  package init(_ channels: [ChannelView], query: ListQuery) {
    (self.channels, self.query) = (channels, query)
  }

  package func html(_ frame: PageFrame) -> String {
    frame.document(
      "Deliveries", at: .deliveries, "deliveries",
      [
        "channels": .rows(channels.map { summary($0, frame) }),
        "mayTest": .flag(frame.mayAct && frame.visitor?.seesAll == true),
        "allDead": frame.mayAct ? allDead : .none,
        "details": .list(channels.compactMap { details($0, frame) }),
      ])
  }

  /// Every dead letter that is shown, on this page of the list or another: what is done with all is done with these.
  private var allDead: PageValue {
    let messages = channels.flatMap(\.dead).map(\.message.rawValue)
    guard messages.count > 1 else { return .none }
    return .fields(["messages": .text(messages.joined(separator: " ")), "count": .text(messages.count.grouped)])
  }

  private func summary(_ channel: ChannelView, _ frame: PageFrame) -> PageFields {
    let isBusy = !channel.pending.isEmpty || !channel.dead.isEmpty || !channel.waiting.isEmpty
    return [
      "id": .text(channel.id.rawValue), "type": .text(channel.type),
      "href": isBusy ? .text("#\(channel.id)") : .none,
      "badge": .markup(badge(of: channel, at: frame.now).markup), "why": .markup(ifAny: why(channel, frame)),
      "pending": .text((channel.pending.count).grouped), "waiting": .text(channel.waiting.count.grouped),
      "dead": .text(channel.dead.count.grouped), "hasDead": .flag(!channel.dead.isEmpty),
      "oldest": .markup(ifAny: channel.pending.map(\.delivery.queuedAt).min().map(frame.age)),
      "delivered": .markup(ifAny: channel.lastDelivered?.lastAttemptAt.map(frame.age)),
      "remark": .text(ifAny: channel.lastDelivered?.remark.map { ForeignText.line($0, limit: 300) }),
    ]
  }

  private func badge(of channel: ChannelView, at now: Date) -> StateBadge {
    let health = channel.health
    if health.disabled != nil { return StateBadge(.critical, "✕", "Disabled") }
    if health.rest(at: now) != nil { return StateBadge(.warning, "◷", "Rests") }
    if health.isSick { return StateBadge(.warning, "▲", "Failing") }
    return channel.lastDelivered == nil ? StateBadge(.muted, "–", "Not used yet") : StateBadge(.good, "✓", "Works")
  }

  private func why(_ channel: ChannelView, _ frame: PageFrame) -> Markup? {
    let health = channel.health
    if let disabled = health.disabled {
      let reason = ForeignText.line(disabled.reason, limit: 300).escapedForHTML
      return Markup("since \(frame.time(disabled.since).html): \(reason)")
    }
    if let rest = health.rest(at: frame.now) { return Markup("asks to be left alone until \(frame.time(rest).html)") }
    return health.isSick ? Markup("\(health.failures.counted("attempt")) failed in a row") : nil
  }

  private func details(_ channel: ChannelView, _ frame: PageFrame) -> PageFields? {
    guard !channel.pending.isEmpty || !channel.dead.isEmpty || !channel.waiting.isEmpty else { return nil }
    return [
      "id": .text(channel.id.rawValue),
      "dead": list(channel.dead, "dead", "dead letters", channel) { letter($0, frame) },
      "pending": list(channel.pending, "pending", "messages on the way", channel) { waiting($0, frame) },
      "waiting": list(channel.waiting, "waiting", "messages held back", channel) { notice($0, frame) },
    ]
  }

  /// - Parameter part: of the channel's, as a query calls it.
  private func list<Item>(
    _ items: [Item], _ part: String, _ name: String, _ channel: ChannelView, row: (Item) -> PageFields
  ) -> PageValue {
    let part = "\(part)-\(channel.id)"
    return Paging.rows(
      items, query.page(part), "message", name: "\(name) of \(channel.id)",
      link: { query.link("/deliveries", part, page: $0) + "#\(part)" }, row: row)
  }

  private func letter(_ letter: DeadLetter, _ frame: PageFrame) -> PageFields {
    [
      "events": events(letter.events), "more": more(letter.events),
      "reason": .text(ForeignText.line(letter.reason, limit: 300)),
      "time": .markup(frame.time(letter.diedAt)), "message": .text(letter.message.rawValue),
    ]
  }

  private func waiting(_ waiting: Waiting, _ frame: PageFrame) -> PageFields {
    [
      "events": events(waiting.events), "more": more(waiting.events),
      "words": .markup(waiting.delivery.words(frame).markup),
      "time": .markup(frame.time(waiting.delivery.queuedAt)), "message": .text(waiting.delivery.message.rawValue),
    ]
  }

  private func notice(_ notice: Notice, _ frame: PageFrame) -> PageFields {
    [
      "events": events([notice.event]), "more": .none, "time": .markup(frame.time(notice.since)),
      "words": .markup(NoticeFate(notice: notice, delivery: nil).words(frame).markup),
    ]
  }

  private func events(_ events: [Event]) -> PageValue { .list(events.prefix(Self.shownEvents).map(event)) }

  /// That there are more.
  private func more(_ events: [Event]) -> PageValue {
    events.count > Self.shownEvents
      ? .text("and \((events.count - Self.shownEvents).counted("event")) more in the same message") : .none
  }

  private func event(_ event: Event) -> PageFields {
    [
      "badge": .markup(event.badge.markup),
      "name": .text(
        event.organizationName.isEmpty ? event.organization?.rawValue ?? "quotawatch" : event.organizationName),
      "rule": .text(event.rule.rawValue), "reason": .text(event.shownReason),
    ]
  }
}
