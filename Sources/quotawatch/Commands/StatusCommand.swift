import ArgumentParser
import FoundationEssentials
import QuotaCore
import QuotaService
import Reports

struct StatusCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Show where every organization stands.",
    discussion: """
      FORECAST is what the month is expected to come to, from what was used lately on each day of the week; it is shown \
      after the first day. "quotawatch why ORGANIZATION" shows how it is made up and how sure it is. "ok" is only what a \
      rule watches.

      Examples:
        quotawatch status
        quotawatch status acme globex --json
        quotawatch status --firing --tag vip
        quotawatch status --sort run-out --top 20
        quotawatch status --month last-month --sort percent
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var choice: OrganizationArguments

  @Flag(help: "Only organizations of which something fires, is used up, will run out or cannot be read.")
  var firing = false

  @Option(
    help: ArgumentHelp(
      "In which order: \(StatusOrder.allCases.map(\.rawValue).joined(separator: ", ")); as configured without.",
      valueName: "order"))
  var sort: StatusOrder?

  @Option(help: ArgumentHelp("Only the first so many organizations; by urgency where nothing else is said."))
  var top: Int?

  @Option(
    help: "A month that is over, as it ended: 2026-10, last-month.", completion: MonthArgument.completion,
    transform: MonthArgument.parse)
  var month: MonthArgument?

  @Flag(help: "Show it again every 5 seconds, until interrupted.")
  var watch = false

  @Flag(help: "Print the rows as JSON.")
  var json = false

  private static let interval = Duration.seconds(5)

  func validate() throws {
    guard top.map({ $0 > 0 }) ?? true else { throw ValidationError("--top expects a number from 1") }
    guard !watch || !json else { throw ValidationError("--watch shows a screen, and --json is for programs") }
  }

  func run() async throws {
    let service = try common.service()
    let month = try month?.month(in: service)
    if let month, let current = service.currentMonth, month > current {
      throw ValidationError("\(month) has not come yet")
    }
    let screen = Wanted(
      ids: try choice.ids(in: service.configuration), month: month == service.currentMonth ? nil : month)
    guard watch else { return try await show(screen, service) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        while !Task.isCancelled {
          Console.standardOutput.clear()
          try await show(screen, service)
          try? await Task.sleep(for: Self.interval)
        }
      }
      group.addTask { await ThisProcess.untilInterrupted() }
      try await group.next()
      group.cancelAll()
    }
  }

  /// What is asked for, once the words are understood.
  private struct Wanted {
    let ids: [String]
    /// Nil for the current one.
    let month: BillingMonth?
  }

  private func show(_ screen: Wanted, _ service: Setup) async throws {
    let all = try await service.status(screen.ids, in: screen.month)
    let rows = chosen(all)
    let dead = try await service.deadLetters()
    guard !json else {
      Console.standardOutput.printJSON(JSONText.list("status", rows.map { StatusOutput($0, dead) }))
      DeadLetterText(letters: dead).warn()
      return
    }
    Console.standardOutput.print(StatusSummary(all, shown: rows).line)
    if rows.isEmpty { return }
    Console.standardOutput.print("")
    Console.standardOutput.print(StatusTable(rows, time: try common.time).table)
    for problem in problems(rows) { Console.standardOutput.print(try common.time(in: problem)) }
    if let run = try await service.lastRun() {
      let summary = run.summary
      let pending = summary.pending > 0 ? ", \(summary.pending.counted("message")) waiting" : ""
      Console.standardOutput.print("")
      Console.standardOutput.print(
        "Last run \(try common.time(run.endedAt)): \(summary.read.grouped) of \(summary.organizations.counted("organization")) read\(pending)."
      )
    }
    for line in DeadLetterText(letters: dead, time: try common.time).lines { Console.standardOutput.print(line) }
  }

  /// The rows of the organizations that are to be shown, in their order.
  private func chosen(_ rows: [StatusRow]) -> [StatusRow] {
    let urgent = Set(rows.filter(\.state.isUrgent).map(\.organization))
    let kept = firing ? rows.filter { urgent.contains($0.organization) } : rows
    let ordered = (sort ?? (top == nil ? nil : .urgency))?.sorted(kept) ?? kept
    guard let top else { return ordered }
    var seen: Set<OrganizationID> = []
    return ordered.filter { row in
      guard seen.count >= top else {
        seen.insert(row.organization)
        return true
      }
      return seen.contains(row.organization)
    }
  }

  /// What keeps organizations from being read, each once with those that it keeps.
  private func problems(_ rows: [StatusRow]) -> [String] {
    var organizations: [String: [OrganizationID]] = [:]
    var order: [String] = []
    for row in rows {
      guard let problem = row.problem else { continue }
      if organizations[problem] == nil { order.append(problem) }
      if organizations[problem]?.last != row.organization {
        organizations[problem, default: []].append(row.organization)
      }
    }
    return order.map { problem in
      let all = organizations[problem] ?? []
      let more = all.count > 3 ? " and \((all.count - 3).grouped) more" : ""
      return "\(all.prefix(3).map(\.rawValue).joined(separator: ", "))\(more): \(problem)"
    }
  }
}

/// Where everybody stands, in one line.
struct StatusSummary {
  let line: String

  /// - Parameters:
  ///   - rows: of every organization that was asked for.
  ///   - shown: those of them that are listed.
  init(_ rows: [StatusRow], shown: [StatusRow]) {
    let worst = Dictionary(grouping: rows, by: \.organization).mapValues { rows in
      rows.map(\.state).max { $0.weight < $1.weight } ?? .unknown
    }
    let counts = Dictionary(grouping: worst.values, by: \.words).mapValues(\.count)
    let words = StatusRow.State.byWeight.map(\.words).reduce(into: [String]()) { words, word in
      if !words.contains(word) { words.append(word) }
    }
    let parts = words.compactMap { word in counts[word].map { "\($0.grouped) \(word)" } }
    let listed = Set(shown.map(\.organization)).count
    let part = listed < worst.count ? "; \(listed.grouped) of them shown" : ""
    let months = Set(rows.compactMap(\.month))
    let month = months.count == 1 ? months.first.map { " in \($0)" } ?? "" : ""
    line = "\(worst.count.counted("organization"))\(month): \(parts.joined(separator: ", "))\(part)."
  }
}

/// The rows of `status` as an aligned table.
struct StatusTable {
  private(set) var table: TextTable

  init(_ rows: [StatusRow], time: ReaderTime = .utc) {
    let hasNames = rows.contains { $0.name != $0.organization.rawValue }
    let isOfOneMonth = Set(rows.map(\.month)).count == 1
    let name: [TextTable.Column] = hasNames ? [.init("NAME", widths: 10...28, rank: 5)] : []
    let month: [TextTable.Column] = isOfOneMonth ? [] : [.init("MONTH", rank: 6)]
    table = TextTable(
      [.init("ORGANIZATION", widths: 10...28)] + name + month + [
        .init("METRIC"), .init("USED", .right), .init("QUOTA", .right, rank: 1), .init("USE", .right),
        .init("", widths: 4...10, rank: 4), .init("LAST 24 H", .right, rank: 7), .init("FORECAST", .right, rank: 3),
        .init("LAST SEEN", rank: 8), .init("STATE", widths: 20 ... .max),
      ])
    var last: OrganizationID?
    for row in rows {
      let isFirst = row.organization != last
      last = row.organization
      let name: [TextTable.Cell] = hasNames ? [.init(isFirst ? row.name : "")] : []
      let month: [TextTable.Cell] = isOfOneMonth ? [] : [.init(row.month?.description ?? "–")]
      table.add(
        [.init(isFirst ? row.organization.rawValue : "")] + name + month + [
          .init(row.metric.rawValue), .init(row.used.grouped), .init(row.quota.grouped),
          .init(row.percent.map { "\($0.grouped) %" } ?? ""), row.bar,
          .init(row.sinceYesterday.map { ($0 >= 0 ? "+" : "−") + abs($0).grouped } ?? ""),
          .init(row.projected.map { $0.grouped } ?? ""), .init(row.lastSeenAt.map { time($0) } ?? "never"),
          .init(([row.stateText] + row.marks.map(\.rawValue)).joined(separator: ", "), color: row.color),
        ])
    }
  }
}

extension StatusOrder: ExpressibleByArgument {}

extension StatusRow.State {
  /// The worst first.
  fileprivate static let byWeight: [Self] = [
    .keyRejected, .gateway, .limited, .failing, .exceeded, .firing, .runsOut, .unknown, .ok, .unwatched,
  ]

  fileprivate var weight: Int { -(Self.byWeight.firstIndex(of: self) ?? Self.byWeight.count) }

  /// Whether somebody should look at it.
  fileprivate var isUrgent: Bool {
    switch self {
    case .ok, .unwatched, .unknown: false
    case .firing, .runsOut, .exceeded, .keyRejected, .gateway, .limited, .failing: true
    }
  }

  /// What an organization is that is in this state.
  fileprivate var words: String {
    switch self {
    case .ok: "ok"
    case .firing: "firing"
    case .runsOut: "will run out"
    case .unwatched: "not watched"
    case .exceeded: "over quota"
    case .keyRejected, .gateway, .limited, .failing: "not readable"
    case .unknown: "never read"
    }
  }
}

extension StatusRow {
  fileprivate var bar: TextTable.Cell {
    guard let used, let quota else { return "" }
    return .init(used: used, of: quota, color: color)
  }

  fileprivate var color: TextTable.Color? {
    switch state {
    case .ok: .green
    case .firing, .runsOut: .yellow
    case .exceeded, .keyRejected, .gateway, .limited, .failing: .red
    case .unknown, .unwatched: .dim
    }
  }

  fileprivate var stateText: String {
    switch state {
    case .ok: "ok"
    case .firing: level.map { "firing (\($0.grouped))" } ?? "firing"
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
