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
      "by month's end" is what the month is expected to come to, from what was used lately on each day of the week; it is
      shown after the first day. "quotawatch why ORGANIZATION" shows how it is made up and how sure it is.

      Examples:
        quotawatch status
        quotawatch status acme globex --json
      """)

  @OptionGroup var common: CommonOptions

  @Argument(help: "Only these organizations.")
  var ids: [String] = []

  @Flag(help: "Print the rows as JSON.")
  var json = false

  func run() async throws {
    let service = try common.service()
    let rows = try await service.status(ids)
    let dead = try await service.deadLetters()
    guard !json else {
      Console.standardOutput.printJSON(JSONText.list("status", rows.map { StatusOutput($0, dead) }))
      DeadLetterText(letters: dead).warn()
      return
    }
    Console.standardOutput.write(StatusTable(rows).render(colored: Console.standardOutput.usesColour))
    for problem in problems(rows) { Console.standardOutput.print(problem) }
    if let run = try await service.lastRun() {
      let summary = run.summary
      let pending = summary.pending > 0 ? ", \(summary.pending.counted("message")) waiting" : ""
      Console.standardOutput.print("")
      Console.standardOutput.print(
        "Last run \(run.endedAt.minute): \(summary.read.grouped) of \(summary.organizations.counted("organization")) read\(pending)."
      )
    }
    for line in DeadLetterText(letters: dead).lines { Console.standardOutput.print(line) }
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

/// The rows of `status` as an aligned table.
struct StatusTable {
  private var table = TextTable([
    .init("ORGANIZATION", maximumWidth: 28), .init("MONTH"), .init("METRIC"), .init("USED", .right),
    .init("QUOTA", .right), .init("USE", .right), .init(""), .init("SINCE YESTERDAY", .right),
    .init("BY MONTH'S END", .right), .init("LAST SEEN"), .init("STATE"),
  ])

  init(_ rows: [StatusRow]) {
    var last: OrganizationID?
    for row in rows {
      let isFirst = row.organization != last
      last = row.organization
      table.add([
        .init(isFirst ? row.name : ""), .init(row.month?.description ?? "–"), .init(row.metric.rawValue),
        .init(row.used.grouped), .init(row.quota.grouped), .init(row.percent.map { "\($0.grouped) %" } ?? ""),
        .init(row.bar, color: row.color),
        .init(row.sinceYesterday.map { ($0 >= 0 ? "+" : "−") + abs($0).grouped } ?? ""),
        .init(row.projected.map { $0.grouped } ?? ""), .init(row.lastSeenAt.map(\.minute) ?? "never"),
        .init(([row.stateText] + row.marks.map(\.rawValue)).joined(separator: ", "), color: row.color),
      ])
    }
  }

  func render(colored: Bool) -> String { table.render(colored: colored) }
}

extension StatusRow {
  fileprivate var bar: String {
    guard let used, let quota else { return "" }
    return UsageBar.text(used: used, of: quota)
  }

  fileprivate var color: TextTable.Color? {
    switch state {
    case .ok: .green
    case .firing: .yellow
    case .exceeded, .keyRejected, .gateway, .limited, .failing: .red
    case .unknown: .dim
    }
  }

  fileprivate var stateText: String {
    switch state {
    case .ok: "ok"
    case .firing: level.map { "firing (\($0.grouped))" } ?? "firing"
    case .exceeded: "over quota"
    case .keyRejected: "key rejected"
    case .gateway: "gateway in between"
    case .limited: "limited"
    case .failing: "not readable"
    case .unknown: "never read"
    }
  }
}
