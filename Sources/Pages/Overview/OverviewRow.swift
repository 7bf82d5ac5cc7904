import QuotaCore

/// A row of the overview.
struct OverviewRow {
  private let row: StatusRow
  private let freshness: Freshness
  private let frame: PageFrame

  init(_ row: StatusRow, _ freshness: Freshness, _ frame: PageFrame) {
    (self.row, self.freshness, self.frame) = (row, freshness, frame)
  }

  var fields: PageFields {
    [
      "href": .text(PageLink.organization(row.organization)), "name": .text(row.name),
      "id": row.name == row.organization.rawValue ? .none : .text(row.organization.rawValue),
      "metric": .text(row.metric.rawValue), "freshness": .text(freshness.rawValue),
      "used": .text(row.used.map(\.grouped) ?? "–"), "quota": .text(row.quota.map(\.grouped) ?? "none"),
      "hasQuota": .flag(row.quota != nil),
      "percent": .text(ifAny: row.percent.map { "\($0.grouped) %" }),
      "meter": .markup(ifAny: meter), "isDoubted": .flag(row.doubt != nil),
      "pace": .text(row.sinceYesterday.map(Self.signed) ?? "–"),
      "forecast": .text(ForecastWords(row).range ?? "–"),
      "runsOut": .text(ForecastWords(row).runsOut(in: frame.zone) ?? "–"),
      "asOf": .markup(row.lastSeenAt.map(frame.age) ?? Markup("never")),
      "pastMonth": row.month == frame.month ? .none : .text(ifAny: row.month.map(DayText.month)),
      "badges": .markup(row.badges(freshness)),
    ]
  }

  private var meter: Markup? {
    guard let used = row.used, let quota = row.quota else { return nil }
    return UsageMeter(used: used, quota: quota, projected: row.forecast?.projected).markup
  }

  /// `+86`, `−12` or `±0`.
  static func signed(_ number: Int64) -> String {
    number == 0 ? "±0" : (number > 0 ? "+" : "") + number.grouped
  }
}
