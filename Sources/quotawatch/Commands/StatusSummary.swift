import QuotaCore

/// Where everybody stands, in one line.
struct StatusSummary {
  /// How many organizations are in a state.
  private var counts: [StatusRow.State: Int] = [:]
  private var months: Set<BillingMonth> = []
  /// Of how many organizations rows are listed.
  private(set) var listed = 0

  init() {}

  /// - Parameters:
  ///   - rows: of every organization that was asked for.
  ///   - shown: those of them that are listed.
  init(_ rows: [StatusRow], shown: [StatusRow]) {
    add(rows, shown: shown)
  }

  /// Takes in the rows of further organizations, those of each together.
  mutating func add(_ rows: [StatusRow], shown: [StatusRow]) {
    var worst: [StatusRow.State] = []
    for (index, row) in rows.enumerated() {
      if index == 0 || row.organization != rows[index - 1].organization {
        worst.append(row.state)
      } else if row.state.weight > worst[worst.count - 1].weight {
        worst[worst.count - 1] = row.state
      }
      if let month = row.month { months.insert(month) }
    }
    for state in worst { counts[state, default: 0] += 1 }
    listed += shown.count == rows.count ? worst.count : Set(shown.map(\.organization)).count
  }

  var line: String {
    let all = counts.values.reduce(0, +)
    let words = StatusRow.State.byWeight.map(\.words).reduce(into: [String]()) { words, word in
      if !words.contains(word) { words.append(word) }
    }
    let parts = words.compactMap { word in
      let count = counts.reduce(0) { $1.key.words == word ? $0 + $1.value : $0 }
      return count > 0 ? "\(count.grouped) \(word)" : nil
    }
    let part = listed < all ? "; \(listed.grouped) of them shown" : ""
    let month = months.count == 1 ? months.first.map { " in \($0)" } ?? "" : ""
    return "\(all.counted("organization"))\(month): \(parts.joined(separator: ", "))\(part)."
  }
}

/// What keeps organizations from being read, each once with those that it keeps.
struct StatusObstacles {
  private var known: [String: (first: [OrganizationID], count: Int)] = [:]
  private var order: [String] = []
  private var last: OrganizationID?

  private static let named = 3

  mutating func add(_ rows: [StatusRow]) {
    for row in rows { add(row) }
  }

  private mutating func add(_ row: StatusRow) {
    guard let problem = row.problem, row.organization != last else { return }
    last = row.organization
    if known[problem] == nil { order.append(problem) }
    var (first, count) = known[problem] ?? ([], 0)
    if count < Self.named { first.append(row.organization) }
    count += 1
    known[problem] = (first, count)
  }

  var lines: [String] {
    order.map { problem in
      let (first, count) = known[problem] ?? ([], 0)
      let more = count > Self.named ? " and \((count - Self.named).grouped) more" : ""
      return "\(first.map(\.rawValue).joined(separator: ", "))\(more): \(problem)"
    }
  }
}

extension StatusRow.State {
  /// The worst first.
  static let byWeight: [Self] = [
    .keyRejected, .gateway, .limited, .failing, .exceeded, .doubted, .firing, .runsOut, .unknown, .ok, .unwatched,
  ]

  var weight: Int { -(Self.byWeight.firstIndex(of: self) ?? Self.byWeight.count) }

  /// Whether somebody should look at it.
  var isUrgent: Bool {
    switch self {
    case .ok, .unwatched, .unknown: false
    case .firing, .runsOut, .doubted, .exceeded, .keyRejected, .gateway, .limited, .failing: true
    }
  }

  /// What an organization is that is in this state.
  var words: String {
    switch self {
    case .ok: "ok"
    case .firing: "firing"
    case .runsOut: "will run out"
    case .unwatched: "not watched"
    case .doubted: "in doubt"
    case .exceeded: "over quota"
    case .keyRejected, .gateway, .limited, .failing: "not readable"
    case .unknown: "never read"
    }
  }
}
