import QuotaCore

/// What of the overview is asked for, and in which order.
package struct OverviewQuery: Hashable, Sendable {
  /// A column that can be sorted by.
  enum Column: String, CaseIterable {
    case urgency, name, metric, used, quota, percent, pace, forecast
    case runsOut = "runs_out"
    case asOf = "as_of"

    /// Whether the greatest come first where nothing else is said.
    var isDescending: Bool {
      switch self {
      case .urgency, .name, .metric, .runsOut, .asOf: false
      case .used, .quota, .percent, .pace, .forecast: true
      }
    }
  }

  /// What is to be seen alone.
  enum Filter: String, CaseIterable {
    case exceeded
    case runsOut = "runs_out"
    case firing, unreadable, doubted, stale, unknown, ok

    var words: String {
      switch self {
      case .exceeded: "used up"
      case .runsOut: "will run out"
      case .firing: "alert fires"
      case .unreadable: "not readable"
      case .doubted: "in doubt"
      case .stale: "stale"
      case .unknown: "never read"
      case .ok: "nothing to do"
      }
    }

    /// - Parameter month: the month that is now; what was used up before is not.
    func takes(_ row: StatusRow, _ freshness: Freshness, in month: BillingMonth?) -> Bool {
      switch self {
      case .exceeded: row.isExhausted && row.doubt == nil && row.month == month
      case .runsOut: !row.isExhausted && row.exhaustion != nil
      case .firing: row.state == .firing || row.level != nil
      case .unreadable: row.state.isUnreadable
      case .doubted: row.doubt != nil
      case .stale: freshness == .stale
      case .unknown: row.used == nil
      case .ok: row.state == .ok && freshness == .fresh && row.exhaustion == nil
      }
    }
  }

  let text: String
  let tag: String
  let filter: Filter?
  let column: Column
  let isReversed: Bool
  let page: Int

  /// Reads the parameters of a request; what is not understood is left out.
  package init(_ parameters: [String: String]) {
    text = ForeignText.line(parameters["q"] ?? "", limit: 100)
    tag = ForeignText.line(parameters["tag"] ?? "", limit: 100)
    filter = parameters["state"].flatMap(Filter.init)
    column = parameters["sort"].flatMap(Column.init) ?? .urgency
    isReversed = parameters["order"] == "reverse"
    page = parameters["page"].flatMap { Int($0) } ?? 1
  }

  var isFiltering: Bool { !text.isEmpty || !tag.isEmpty || filter != nil }

  /// The address of the same with other parts.
  func link(
    filter: Filter?? = nil, column: Column? = nil, reversed: Bool? = nil, page: Int = 1
  ) -> String {
    let column = column ?? self.column
    return PageLink.to(
      "/",
      [
        ("q", text), ("tag", tag), ("state", (filter ?? self.filter)?.rawValue),
        ("sort", column == .urgency ? nil : column.rawValue), ("order", reversed ?? isReversed ? "reverse" : nil),
        ("page", page > 1 ? "\(page)" : nil),
      ])
  }

  /// Where the rows are that are asked for, in their order; of equal ones by name and metric. Rows are large, and there may be
  /// many: none is moved about.
  ///
  /// - Parameters:
  ///   - freshness: of the same row.
  ///   - month: the month that is now.
  func chosen(from rows: [StatusRow], _ freshness: [Freshness], in month: BillingMonth?) -> [Int] {
    let words = text.lowercased().split(separator: " ")
    let chosen = rows.indices.filter { index in
      (tag.isEmpty || rows[index].tags.contains(tag))
        && (filter?.takes(rows[index], freshness[index], in: month) ?? true)
        && words.allSatisfy { rows[index].isCalled($0) }
    }
    return ordered(chosen, of: rows)
  }

  private func ordered(_ chosen: [Int], of rows: [StatusRow]) -> [Int] {
    func sorted(by key: (StatusRow) -> (some Comparable)?) -> [Int] { self.sorted(chosen, of: rows, by: key) }
    return switch column {
    case .urgency: sorted { Urgency($0) }
    case .name: sorted { $0.name.lowercased() }
    case .metric: sorted { $0.metric.rawValue }
    case .used: sorted { $0.used.map { -$0 } }
    case .quota: sorted { $0.quota.map { -$0 } }
    case .percent: sorted { $0.percent.map { -$0 } }
    case .pace: sorted { $0.sinceYesterday.map { -$0 } }
    case .forecast: sorted { $0.projected.map { -$0 } }
    case .runsOut: sorted { $0.exhaustion?.from }
    case .asOf: sorted { $0.lastSeenAt }
    }
  }

  /// By a key; rows that have none are at the end in either direction.
  private func sorted(
    _ chosen: [Int], of rows: [StatusRow], by key: (StatusRow) -> (some Comparable)?
  ) -> [Int] {
    let keyed = chosen.map { (index: $0, key: key(rows[$0]), name: rows[$0].name.lowercased()) }
    return keyed.sorted { first, second in
      switch (first.key, second.key) {
      case (let one?, let other?) where one != other: return isReversed ? other < one : one < other
      case (_?, nil): return true
      case (nil, _?): return false
      default:
        let (one, other) = (first.index, second.index)
        return (first.name, rows[one].organization, rows[other].metric)
          < (second.name, rows[other].organization, rows[one].metric)
      }
    }.map(\.index)
  }
}

extension StatusRow {
  /// Whether a word in lower case is part of its organization's name or id, or one of its tags.
  fileprivate func isCalled(_ word: Substring) -> Bool {
    name.lowercased().contains(word) || organization.rawValue.lowercased().contains(word)
      || tags.contains { $0.lowercased() == word }
  }
}
