import QuotaCore

/// One organization: its month, its past, its alerts, and what they rest on.
package struct OrganizationPage: Sendable {
  private let view: OrganizationView
  /// Of the readings, from 1.
  private let page: Int

  /// - Parameter page: of the readings.
  package init(_ view: OrganizationView, page: Int) {
    (self.view, self.page) = (view, page)
  }

  package func html(_ frame: PageFrame) -> String {
    let organization = view.organization
    let latest = view.months.first?.usage.snapshot.month
    let freshness = view.status.first.map {
      Freshness(of: $0, at: frame.now, limit: frame.freshnessLimit, in: frame.month)
    }
    return frame.document(
      organization.name, at: .overview, "organization",
      [
        "name": .text(organization.name), "id": .text(organization.id.rawValue),
        "plan": .text(ifAny: organization.plan),
        "tags": .list(organization.tags.map { ["tag": .text($0), "href": .text(PageLink.to("/", [("tag", $0)]))] }),
        "freshness": .text(freshness?.rawValue ?? Freshness.unknown.rawValue),
        "asOf": .markup(ifAny: view.status.first?.lastSeenAt.map(frame.age)),
        "isStale": .flag(freshness == .stale),
        "failing": view.failing.map { failing in
          .fields([
            "since": .markup(frame.time(failing.firstFailedAt)),
            "why": .text(ForeignText.line(failing.message, limit: 300)),
          ])
        } ?? .none,
        "month": .text(ifAny: view.month.map(DayText.month)), "zone": .text(frame.zoneName),
        "isPast": .flag(view.month != latest),
        "isOver": .flag(view.month == latest && latest != nil && latest != frame.month),
        "current": .text(PageLink.organization(organization.id)),
        "panels": .list(panels(frame, freshness ?? .unknown)),
        "holds": .list(view.holds.map { ["hold": .text($0)] }), "isHeld": .flag(!view.holds.isEmpty),
        "alerts": .rows(view.alerts.map { AlertItem($0, view.marks.marks(of: $0), frame).fields }),
        "events": .rows(AlertTimeline(view.notices, frame).rows),
        "months": .rows(MonthTable(view, frame).rows), "ledger": .rows(MonthTable(view, frame).ledgerRows),
        "readings": readings(frame),
        "csv": .text(PageLink.organization(organization.id) + "/readings.csv"),
      ])
  }

  private func panels(_ frame: PageFrame, _ freshness: Freshness) -> [PageFields] {
    Metric.allCases.map { metric in
      MonthPanel(metric, view, frame, view.status.first { $0.metric == metric }, freshness).fields
    }
  }

  /// The snapshots of the month, the latest first.
  private func readings(_ frame: PageFrame) -> PageValue {
    guard !view.snapshots.isEmpty else { return .none }
    let paging = Paging(page, of: view.snapshots.count, size: Paging.size)
    let latestFirst = Array(view.snapshots.reversed())
    let rows = latestFirst[paging.range].map { snapshot -> PageFields in
      [
        "id": .text("\(snapshot.id)"), "pages": .text(snapshot.counters.pages.grouped),
        "conversions": .text(snapshot.counters.conversions.grouped),
        "first": .markup(frame.time(snapshot.firstSeenAt)), "last": .markup(frame.time(snapshot.lastSeenAt)),
      ]
    }
    return .fields([
      "rows": .list(rows),
      "paging": paging.fields("reading", of: latestFirst.count, isByTime: true) { page in
        PageLink.to(
          PageLink.organization(view.organization.id),
          [
            ("month", view.month == view.months.first?.usage.snapshot.month ? nil : view.month?.description),
            ("readings", page > 1 ? "\(page)" : nil),
          ]) + "#readings"
      },
    ])
  }
}
