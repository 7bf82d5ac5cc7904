import QuotaCore

/// The past months, and the ledger beside the vendor.
struct MonthTable {
  private let view: OrganizationView
  private let frame: PageFrame

  init(_ view: OrganizationView, _ frame: PageFrame) {
    (self.view, self.frame) = (view, frame)
  }

  var rows: [PageFields] {
    view.months.map { month in
      let snapshot = month.usage.snapshot
      return [
        "month": .text(DayText.month(snapshot.month)),
        "href": .text(
          PageLink.to(PageLink.organization(view.organization.id), [("month", snapshot.month.description)])),
        "isShown": .flag(snapshot.month == view.month),
        "metrics": .list(Metric.allCases.map { metric in figures(month.usage, metric) }),
        "status": .text(month.status.rawValue), "asOf": .markup(frame.time(snapshot.lastSeenAt)),
        "reconciliation": .text(
          PageLink.to("/reconciliation/\(snapshot.month)", [("organization", view.organization.id.rawValue)])),
      ]
    }
  }

  private func figures(_ usage: MonthUsage, _ metric: Metric) -> PageFields {
    let (used, quota) = (usage.snapshot.counters[metric], usage.quota[metric])
    let percent = quota.flatMap { Percent.whole(used, of: $0) }
    return [
      "label": .text(metric.title), "used": .text(used.grouped), "quota": .text(quota.map(\.grouped) ?? "none"),
      "hasQuota": .flag(quota != nil), "percent": .text(percent.map { "\($0.grouped) %" } ?? "–"),
      "isOver": .flag(quota.map { used > 0 && used >= $0 } ?? false),
    ]
  }

  /// The months of which the ledger holds something.
  var ledgerRows: [PageFields] {
    view.months.compactMap { month in
      guard let ledger = month.ledger else { return nil }
      let (count, counters) = (ledger.total, month.usage.snapshot.counters)
      let missing = count.withoutPages > 0 ? " (\(count.withoutPages.counted("execution")) without pages)" : ""
      return [
        "month": .text(DayText.month(ledger.month)), "vendorPages": .text(counters.pages.grouped),
        "ledgerPages": .text(count.pages.grouped + missing),
        "pages": .text(OverviewRow.signed(count.pages - counters.pages)),
        "vendorConversions": .text(counters.conversions.grouped), "ledgerConversions": .text(count.succeeded.grouped),
        "conversions": .text(OverviewRow.signed(count.succeeded - counters.conversions)),
        "open": .text(count.open.grouped), "failed": .text(count.failed.grouped),
      ]
    }
  }
}
