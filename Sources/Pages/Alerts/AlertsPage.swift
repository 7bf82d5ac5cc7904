import FoundationEssentials
package import QuotaCore

/// What fires, what waits and what is over.
package struct AlertsPage: Sendable {
  /// What the page is made of, as far as the visitor may see it.
  package struct View: Sendable {
    /// What people call the organizations.
    package var names: [OrganizationID: String]
    /// What fires and what is pending.
    package var open: [Alert]
    /// Why nobody may hear of what fires.
    package var marks = AlertMarks(now: .distantPast)
    /// Events that somebody is to be told of and is not yet, with what holds them back.
    package var held: [Notice]
    /// Figures that are not believed.
    package var doubts: [Doubt]
    /// Silences that have not ended.
    package var silences: [Silence]
    /// A part of those that have ended, the latest first.
    package var ended: [Alert]
    /// How many have ended.
    package var endedCount: Int
    /// The tags and rules that somebody could silence.
    package var tags: [String] = []
    package var rules: [String] = []

    package init(names: [OrganizationID: String]) {
      self.names = names
      (open, held, doubts, silences, ended, endedCount) = ([], [], [], [], [], 0)
    }
  }

  /// How many alerts that have ended a page has.
  package static let size = Paging.size

  private let view: View
  private let query: ListQuery

  package init(_ view: View, query: ListQuery) {
    (self.view, self.query) = (view, query)
  }

  package func html(_ frame: PageFrame) -> String {
    let (firing, pending) = (view.open.filter { $0.status == .firing }, view.open.filter { $0.status == .pending })
    let silenced = firing.filter { alert in
      view.silences.contains { $0.covers(alert.key) && $0.isActive(at: frame.now) }
    }
    let paging = Paging(query.page(), of: view.endedCount, size: Self.size)
    return frame.document(
      "Alerts", at: .alerts, "alerts",
      [
        "totals": .list([
          total("Firing", firing.count, firing.map(\.severity).max()?.accent ?? .muted, "#firing"),
          total("Pending", pending.count, .info, "#pending"), total("Held back", view.held.count, .warning, "#held"),
          total("Silenced", silenced.count, .info, "#silenced"), total("Ended", view.endedCount, .muted, "#ended"),
        ]),
        "text": .text(query.text), "isFiltering": .flag(!query.text.isEmpty),
        "firing": list(firing.sorted(by: Self.isMoreUrgent), "firing", "alert") { item($0, frame) },
        "pending": list(pending, "pending", "alert") { item($0, frame) },
        "held": list(view.held, "held", "message") { held($0, frame) },
        "doubts": list(view.doubts, "doubts", "figure") { doubt($0, frame) },
        "silences": list(view.silences, "silenced", "silence") { silence($0, firing, frame) },
        "choices": frame.mayAct ? choices : .none,
        "ended": .rows(view.ended.map { item($0, frame) }),
        "paging": paging.fields("alert", of: view.endedCount, name: "ended alerts", isByTime: true) {
          query.link("/alerts", page: $0) + "#ended"
        },
      ])
  }

  /// How many organizations are proposed to be silenced.
  private static let proposed = 200

  /// What can be silenced.
  private var choices: PageValue {
    let names = view.names.sorted { $0.key < $1.key }.prefix(Self.proposed)
    return .fields([
      "organizations": .list(names.map { ["id": .text($0.key.rawValue), "name": .text($0.value)] }),
      "tags": .rows(view.tags.map { ["tag": .text($0)] }), "rules": .list(view.rules.map { ["rule": .text($0)] }),
    ])
  }

  /// - Parameter part: the part of the page, as its heading and a query call it.
  private func list<Item>(
    _ items: [Item], _ part: String, _ noun: String, row: (Item) -> PageFields
  ) -> PageValue {
    Paging.rows(
      items, query.page(part), noun, name: "\(part) \(noun)s",
      link: { query.link("/alerts", part, page: $0) + "#\(part)" }, row: row)
  }

  private static func isMoreUrgent(_ first: Alert, _ second: Alert) -> Bool {
    (first.severity, first.firedAt) > (second.severity, second.firedAt)
  }

  private func total(_ name: String, _ count: Int, _ accent: Accent, _ href: String) -> PageFields {
    [
      "name": .text(name), "figure": .text(count.grouped), "accent": .text(count == 0 ? "muted" : accent.rawValue),
      "href": count == 0 ? .none : .text(href), "detail": .none,
    ]
  }

  private func name(_ id: OrganizationID?) -> String {
    id.map { view.names[$0] ?? $0.rawValue } ?? "All organizations"
  }

  private func item(_ alert: Alert, _ frame: PageFrame) -> PageFields {
    var fields = AlertItem(
      alert, view.marks.marks(of: alert), frame, name: name(alert.key.organization)
    ).fields
    if view.names[alert.key.organization] == nil { fields["href"] = PageValue.none }
    return fields
  }

  private func held(_ notice: Notice, _ frame: PageFrame) -> PageFields {
    let event = notice.event
    let why: String =
      if case .waiting(let hold?) = notice.state { hold.words } else { "the end of the run" }
    return [
      "badge": .markup(event.badge.markup), "name": .text(name(event.organization)), "rule": .text(event.rule.rawValue),
      "reason": .text(event.shownReason), "notifier": .text(notice.notifier.rawValue), "why": .text(why),
      "since": .markup(frame.age(notice.since)),
      "href": .text(ifAny: event.organization.flatMap { view.names[$0] == nil ? nil : PageLink.organization($0) }),
    ]
  }

  private func doubt(_ doubt: Doubt, _ frame: PageFrame) -> PageFields {
    let metric = doubt.suspect.metric
    return [
      "name": .text(name(doubt.organization)), "href": .text(PageLink.organization(doubt.organization)),
      "words": .text(
        "\(doubt.latest.counters[metric].counted(metric)) in \(doubt.month) reported, "
          + doubt.earlier),
      "since": .markup(frame.age(doubt.foundAt)),
    ]
  }

  private func silence(_ silence: Silence, _ firing: [Alert], _ frame: PageFrame) -> PageFields {
    let count = firing.count { silence.covers($0.key) }
    return [
      "id": .text("\(silence.id)"), "name": .text(name(silence.organization)),
      "rule": .text(silence.rule?.rawValue ?? "every rule"), "reason": .text(silence.reason),
      "by": .text(silence.createdBy), "from": .markup(frame.time(silence.from)),
      "until": .markup(frame.time(silence.until)), "count": .text(count.counted("alert")),
    ]
  }
}
