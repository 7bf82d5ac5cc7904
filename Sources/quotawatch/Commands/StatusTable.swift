import QuotaCore

/// The rows of `status` as an aligned table.
struct StatusTable {
  private(set) var table = TextTable([
    .init("ORGANIZATION", widths: 10...28, keeping: 20), .init("NAME", widths: 10...28, rank: 5),
    .init("MONTH", rank: 6),
    .init("METRIC"), .init("USED", .right), .init("QUOTA", .right, rank: 1), .init("USE", .right),
    .init("", widths: 4...10, rank: 4), .init("LAST 24 H", .right, rank: 7), .init("FORECAST", .right, rank: 3),
    .init("LAST SEEN", rank: 8), .init("STATE", widths: 20 ... .max),
  ])
  private var hasNames = false
  private var months: Set<BillingMonth?> = []
  private let time: ReaderTime

  private static let (name, month) = (1, 2)

  init(time: ReaderTime = .utc) {
    self.time = time
  }

  init(_ rows: [StatusRow], time: ReaderTime = .utc) {
    self.init(time: time)
    add(rows)
  }

  /// Adds the rows of whole organizations.
  mutating func add(_ rows: [StatusRow]) {
    var last: OrganizationID?
    for row in rows {
      table.add(row.cells(isFirst: row.organization != last, time))
      last = row.organization
      if row.name != row.organization.rawValue { hasNames = true }
      months.insert(row.month)
    }
    // Which columns there are follows from all rows.
    table.hidden = (hasNames ? [] : [Self.name]) + (months.count == 1 ? [Self.month] : [])
  }
}

extension StatusRow {
  fileprivate func cells(isFirst: Bool, _ time: ReaderTime) -> [TextTable.Cell] {
    [
      .init(isFirst ? organization.rawValue : ""), .init(isFirst ? name : ""), .init(month?.description ?? "–"),
      .init(metric.rawValue), .init(used.grouped), .init(quota.grouped),
      .init(percent.map { "\($0.grouped) %" } ?? ""), bar,
      .init(sinceYesterday.map { ($0 >= 0 ? "+" : "−") + abs($0).grouped } ?? ""),
      .init(projected.map { $0.grouped } ?? ""), .init(lastSeenAt.map { time($0) } ?? "never"),
      .init(([stateText] + marks.map(\.rawValue)).joined(separator: ", "), color: color),
    ]
  }

  fileprivate var bar: TextTable.Cell {
    guard let used, let quota else { return "" }
    return .init(used: used, of: quota, color: color)
  }

  fileprivate var color: TextTable.Color? {
    switch state {
    case .ok: .green
    case .firing, .runsOut, .doubted: .yellow
    case .exceeded, .keyRejected, .gateway, .limited, .failing: .red
    case .unknown, .unwatched: .dim
    }
  }

  private var firingText: String { level.map { "firing (\($0.grouped))" } ?? "firing" }

  fileprivate var stateText: String {
    switch state {
    case .ok: "ok"
    case .firing: firingText
    case .doubted: level == nil ? "in doubt" : "in doubt, \(firingText)"
    case .runsOut: "will run out"
    case .unwatched: "not watched"
    case .exceeded: "over quota"
    case .keyRejected: "key rejected"
    case .gateway: "gateway in between"
    case .limited: "limited"
    case .failing: "not readable"
    case .unknown: "never read"
    }
  }
}
