import FoundationEssentials
package import QuotaCore

/// Where one organization stands, for a frame in another's page.
package struct EmbedPage: Sendable {
  /// How it looks; by the visitor's own preference where nothing is said.
  private enum Theme: String {
    case light, dark
  }

  private let rows: [StatusRow]
  /// Nil where the organization cannot be shown.
  private let name: String?
  private let theme: Theme?
  private let words: EmbedWords

  /// - Parameter parameters: `theme` may be `light`, `dark` or `auto`, `lang` one of ``EmbedWords``.
  package init(_ organization: Organization, _ rows: [StatusRow], _ parameters: [String: String]) {
    self.init(organization.name, rows, parameters)
  }

  /// The page that stands in for it where it cannot be shown.
  package init(unavailable parameters: [String: String]) {
    self.init(nil, [], parameters)
  }

  private init(_ name: String?, _ rows: [StatusRow], _ parameters: [String: String]) {
    (self.name, self.rows) = (name, rows)
    theme = parameters["theme"].flatMap(Theme.init)
    words = EmbedWords(parameters["lang"])
  }

  package func html(_ frame: PageFrame) -> String {
    let month = rows.compactMap(\.month).max() ?? frame.month
    return frame.templates.render(
      "embed",
      [
        "theme": .text(ifAny: theme?.rawValue), "language": .text(words.language), "name": .text(ifAny: name),
        "unavailable": .text(words.unavailable),
        "style": .text(PageAsset.style.path), "icon": .text(PageAsset.icon.path),
        "script": .text(PageAsset.frameScript.path),
        "month": .text(ifAny: month?.description), "zone": .text(frame.zoneName),
        "rows": .list(rows.map { fields($0, frame) }),
      ]
    ).html
  }

  private func fields(_ row: StatusRow, _ frame: PageFrame) -> PageFields {
    let freshness = Freshness(of: row, at: frame.now, limit: frame.freshnessLimit, in: frame.month)
    return [
      "title": .text(words.metric(row.metric)), "used": .text(row.used.map(words.number) ?? "–"),
      "quota": .text(row.quota.map { words.of(words.number($0)) } ?? words.noQuota),
      "percent": .text(ifAny: row.percent.map { "\(words.number($0)) %" }),
      "meter": .markup(ifAny: meter(row)), "freshness": .text(freshness.rawValue),
      "forecast": .text(
        ifAny: row.forecast.map { words.expected(words.number($0.range.lowerBound), words.number($0.range.upperBound)) }
      ),
      "runsOut": .text(
        ifAny: row.isExhausted ? words.usedUp : row.exhaustion.map { words.runsOut(day($0.from, frame)) }),
      "asOf": .markup(ifAny: row.lastSeenAt.map(frame.time)), "asOfWord": .text(words.asOf),
      "note": .text(
        ifAny: row.doubt != nil
          ? words.doubted : freshness == .stale ? words.stale : row.used == nil ? words.unknown : nil),
    ]
  }

  private func meter(_ row: StatusRow) -> Markup? {
    guard let used = row.used, let quota = row.quota else { return nil }
    return UsageMeter(used: used, quota: quota, projected: row.forecast?.projected).markup
  }

  private func day(_ date: Date, _ frame: PageFrame) -> String {
    CivilDate(dayNumber: LocalTime(date, in: frame.zone).day).description
  }
}
