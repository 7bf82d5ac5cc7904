package import QuotaCore

/// Where every organization stands, the most urgent first.
package struct OverviewPage: Sendable {
  /// Of every organization that the visitor may see.
  private let rows: [StatusRow]
  private let lastRun: Run?
  private let query: OverviewQuery

  /// - Parameter lastRun: nil where none has ended, and for visitors who do not see all organizations.
  package init(rows: [StatusRow], lastRun: Run?, query: OverviewQuery) {
    (self.rows, self.lastRun, self.query) = (rows, lastRun, query)
  }

  package func html(_ frame: PageFrame) -> String {
    let month = frame.month
    let freshness = rows.map { Freshness(of: $0, at: frame.now, limit: frame.freshnessLimit, in: month) }
    let chosen = query.chosen(from: rows, freshness, in: month)
    let paging = Paging(query.page, of: chosen.count, size: Paging.size)
    let shown = chosen[paging.range].map { OverviewRow(rows[$0], freshness[$0], frame).fields }
    let tags = Set(rows.flatMap(\.tags)).sorted()
    return frame.document(
      "Overview", at: .overview, "overview",
      [
        "month": .text(ifAny: month.map(DayText.month)), "zone": .text(frame.zoneName),
        "totals": .list(OverviewTotals(rows, freshness, query, month).fields),
        "lastRun": lastRun.map { run in
          .fields([
            "time": .markup(frame.age(run.endedAt)), "read": .text(run.summary.read.grouped),
            "organizations": .text(run.summary.organizations.counted("organization")),
          ])
        } ?? .none,
        "isEmpty": .flag(rows.isEmpty), "noneChosen": .flag(!rows.isEmpty && chosen.isEmpty),
        "text": .text(query.text), "isFiltering": .flag(query.isFiltering),
        "tags": tags.isEmpty ? .none : .fields(["options": .list(tags.map(option))]),
        "states": .list(
          OverviewQuery.Filter.allCases.map { filter in
            [
              "value": .text(filter.rawValue), "words": .text(filter.words), "isChosen": .flag(filter == query.filter),
            ]
          }),
        "sort": query.column == .urgency ? .none : .text(query.column.rawValue),
        "order": query.isReversed ? .text("reverse") : .none,
        "columns": .list(OverviewColumn.all.map { $0.fields(query) }),
        "byUrgency": query.column == .urgency && !query.isReversed
          ? .none : .text(query.link(column: .urgency, reversed: false)),
        "rows": .rows(shown), "paging": paging.fields("row", of: chosen.count) { query.link(page: $0) + "#rows" },
      ])
  }

  private func option(_ tag: String) -> PageFields { ["tag": .text(tag), "isChosen": .flag(tag == query.tag)] }
}

/// The head of a column.
private struct OverviewColumn {
  let name: String
  /// What it is sorted by; nil if it cannot be.
  let key: OverviewQuery.Column?
  let isNumber: Bool

  static let all = [
    OverviewColumn(name: "Organization", key: .name, isNumber: false),
    OverviewColumn(name: "Metric", key: .metric, isNumber: false),
    OverviewColumn(name: "Used", key: .used, isNumber: true),
    OverviewColumn(name: "Quota", key: .quota, isNumber: true),
    OverviewColumn(name: "Use", key: .percent, isNumber: true),
    OverviewColumn(name: "Last 24 h", key: .pace, isNumber: true),
    OverviewColumn(name: "By month’s end", key: .forecast, isNumber: true),
    OverviewColumn(name: "Runs out", key: .runsOut, isNumber: false),
    OverviewColumn(name: "As of", key: .asOf, isNumber: false),
    OverviewColumn(name: "State", key: nil, isNumber: false),
  ]

  func fields(_ query: OverviewQuery) -> PageFields {
    guard let key else {
      return ["name": .text(name), "href": .none, "isNumber": .flag(false), "direction": .none, "arrow": .none]
    }
    let isChosen = key == query.column
    let isDescending = key.isDescending != query.isReversed
    return [
      "name": .text(name), "isNumber": .flag(isNumber),
      "href": .text(query.link(column: key, reversed: isChosen && !query.isReversed)),
      "direction": isChosen ? .text(isDescending ? "descending" : "ascending") : .none,
      "arrow": isChosen ? .text(isDescending ? "↓" : "↑") : .none,
    ]
  }
}

/// The line of totals.
private struct OverviewTotals {
  private let rows: [StatusRow]
  /// Of the same row.
  private let freshness: [Freshness]
  private let query: OverviewQuery
  /// That is now.
  private let month: BillingMonth?

  init(_ rows: [StatusRow], _ freshness: [Freshness], _ query: OverviewQuery, _ month: BillingMonth?) {
    (self.rows, self.freshness, self.query, self.month) = (rows, freshness, query, month)
  }

  var fields: [PageFields] { Metric.allCases.map(used) + Filter.shown.compactMap(count) }

  private typealias Filter = OverviewQuery.Filter

  /// The use of all that were read this month.
  private func used(_ metric: Metric) -> PageFields {
    var (sum, inQuota, quota): (Int64, Int64, Int64) = (0, 0, 0)
    var (count, isLimited) = (0, true)
    for index in rows.indices where rows[index].metric == metric && rows[index].month == month {
      guard let used = rows[index].used else { continue }
      sum = saturated(sum, used)
      count += 1
      if let own = rows[index].quota {
        (inQuota, quota) = (saturated(inQuota, used), saturated(quota, own))
      } else {
        isLimited = false
      }
    }
    let percent = isLimited ? Percent.whole(inQuota, of: quota) : nil
    let detail = percent.map { "of \(quota.grouped), \($0.grouped) %" } ?? "by \(count.counted("organization"))"
    return [
      "name": .text("\(metric.title) used"), "figure": .text(count == 0 ? "–" : sum.grouped),
      "detail": .text(count == 0 ? "nothing read" : detail),
      "href": .none, "accent": .text("muted"),
    ]
  }

  private func count(_ filter: Filter) -> PageFields? {
    let found = Set(
      rows.indices.lazy.filter { filter.takes(rows[$0], freshness[$0], in: month) }.map { rows[$0].organization })
    guard !found.isEmpty || Filter.always.contains(filter) else { return nil }
    let organizations = found.count
    return [
      "name": .text(filter.words.withCapital),
      "figure": .text(organizations.grouped),
      "detail": .text(organizations == 1 ? "organization" : "organizations"),
      "href": found.isEmpty ? .none : .text(query.link(filter: filter == query.filter ? .some(nil) : filter)),
      "accent": .text(found.isEmpty ? "muted" : filter.accent.rawValue),
    ]
  }

  private func saturated(_ first: Int64, _ second: Int64) -> Int64 {
    let (sum, overflows) = first.addingReportingOverflow(second)
    return overflows ? .max : sum
  }
}

extension OverviewQuery.Filter {
  /// What the line of totals counts.
  fileprivate static let shown: [Self] = [.exceeded, .runsOut, .firing, .unreadable, .doubted, .stale, .unknown]
  /// What it counts even where there is nothing.
  fileprivate static let always: Set<Self> = [.exceeded, .runsOut, .firing, .unreadable]

  fileprivate var accent: Accent {
    switch self {
    case .exceeded, .unreadable: .critical
    case .runsOut, .firing, .doubted: .warning
    case .stale, .unknown: .muted
    case .ok: .good
    }
  }
}
