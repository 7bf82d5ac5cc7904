import FoundationEssentials
import Pages
import QuotaCore
import WebServer

extension ServedPages {
  func alerts(_ inquiry: PageRoutes.Inquiry) async throws -> PageRoutes.Answer {
    let setup = served.state.setup
    let query = ListQuery(inquiry.query)
    let names = setup.names(visibleTo: inquiry)
    var view = AlertsPage.View(names: names)
    @Sendable func takes(_ organization: OrganizationID?, _ rule: RuleID?) -> Bool {
      organization.map(inquiry.shows) ?? true
        && query.takes([organization.flatMap { names[$0] } ?? "", organization?.rawValue ?? "", rule?.rawValue ?? ""])
    }
    view.open = try await setup.alerts(all: false).filter {
      ($0.status == .firing || $0.status == .pending) && takes($0.key.organization, $0.key.rule)
    }
    view.marks = try await setup.alertMarks()
    let organizations = setup.configuration.organizations.map(\.organization)
    view.tags = Set(organizations.filter { inquiry.shows($0.id) }.flatMap(\.tags)).sorted()
    view.rules = setup.configuration.rules.map(\.id.rawValue)
    view.silences = try await setup.silences(all: false).filter { takes($0.organization, $0.rule) }
      .map { inquiry.shown($0) }
    let isWhole = query.text.isEmpty && inquiry.organizations == nil
    let stored = try await setup.database.openForReading().read { reader in
      let held = try reader.notifiersWithWaitingNotices().flatMap { try reader.waitingNotices(for: $0) }
      func ended(from start: Int) throws -> (part: [Alert], count: Int) {
        try reader.endedAlerts(
          where: isWhole ? nil : { inquiry.shows($0) && takes($0, $1) }, from: start, limit: AlertsPage.size)
      }
      var page = try ended(from: (min(query.page(), Self.mostPages) - 1) * AlertsPage.size)
      // Behind the end is the last page.
      if page.part.isEmpty, page.count > 0 {
        page = try ended(from: (page.count - 1) / AlertsPage.size * AlertsPage.size)
      }
      return (held: held, doubts: try reader.doubts(), ended: page)
    }
    view.held = stored.held.filter {
      inquiry.shows(event: $0.event) && takes($0.event.organization, $0.event.rule) && $0.state != .waiting(nil)
    }
    view.doubts = stored.doubts.filter { $0.status != .takenBack && takes($0.organization, Breaker.rule) }
    (view.ended, view.endedCount) = stored.ended
    return .page(AlertsPage(view, query: query).html(try await frame(inquiry, setup)))
  }

  /// More is no page that anybody looks at.
  private static let mostPages = 100_000

  func deliveries(_ inquiry: PageRoutes.Inquiry) async throws -> PageRoutes.Answer {
    let setup = served.state.setup
    let (statuses, deliveries) = try await setup.notifyList()
    let pending = Dictionary(grouping: deliveries.filter { $0.status == .pending }, by: \.notifier)
    let stored = try await setup.database.openForReading().read { reader in
      var messages: [NotifierID: [PendingMessage]] = [:]
      var waiting: [NotifierID: [Notice]] = [:]
      for status in statuses {
        messages[status.id] = try reader.pendingMessages(for: status.id)
        waiting[status.id] = try reader.waitingNotices(for: status.id)
      }
      return (messages: messages, waiting: waiting, dead: try reader.deadLetters())
    }
    let channels = statuses.map { status in
      let own = Dictionary((pending[status.id] ?? []).map { ($0.message, $0) }) { first, _ in first }
      return DeliveriesPage.ChannelView(
        id: status.id, type: status.type, health: status.health, lastDelivered: status.lastDelivered,
        pending: (stored.messages[status.id] ?? []).compactMap { message in
          guard let delivery = own[message.message], inquiry.shows(events: message.notices.map(\.event)) else {
            return nil
          }
          return DeliveriesPage.Waiting(delivery: delivery, events: message.notices.map(\.event))
        },
        dead: stored.dead.filter { $0.notifier == status.id && inquiry.shows(events: $0.events) },
        waiting: (stored.waiting[status.id] ?? []).filter { inquiry.shows(event: $0.event) })
    }
    let shown = channels.filter { channel in
      inquiry.organizations == nil || !channel.pending.isEmpty || !channel.dead.isEmpty || !channel.waiting.isEmpty
    }
    return .page(DeliveriesPage(shown, query: ListQuery(inquiry.query)).html(try await frame(inquiry, setup)))
  }
}

extension PageRoutes.Inquiry {
  /// A silence as it may be shown: why all organizations are silenced, and who did that, is for who sees all.
  fileprivate func shown(_ silence: Silence) -> Silence {
    guard organizations != nil, silence.organization == nil else { return silence }
    return Silence(
      id: silence.id, organization: nil, rule: silence.rule, from: silence.from, until: silence.until, reason: "–",
      createdBy: "–")
  }

  /// Whether an event may be shown: what is about no organization concerns all of them.
  fileprivate func shows(event: Event) -> Bool { event.organization.map(shows) ?? (organizations == nil) }

  /// Whether a message may be shown that tells these: all of them may.
  fileprivate func shows(events: [Event]) -> Bool { events.allSatisfy(shows(event:)) }
}
