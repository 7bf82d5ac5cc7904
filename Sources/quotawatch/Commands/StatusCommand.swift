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

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Only the first so many organizations; by urgency where nothing else is said."))
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
    let (console, choice) = (Console.standardOutput, StatusChoice(firing: firing, order: sort, top: top))
    let time = try common.time
    let dead = try await service.deadLetters()
    guard !json else {
      let listing = try await reduce(screen, service, into: JSONListing("status")) { listing, rows in
        console.write(listing.text(of: choice.rows(rows).map { StatusOutput($0, dead) }))
      }
      console.printJSON(listing.end)
      DeadLetterText(letters: dead).warn(service.world.logger)
      return
    }
    let view = try await reduce(screen, service, into: StatusView(table: StatusTable(time: time))) { view, rows in
      let shown = choice.rows(rows)
      view.summary.add(rows, shown: shown)
      view.table.add(shown)
      view.obstacles.add(shown)
    }
    console.print(view.summary.line)
    guard view.summary.listed > 0 else { return }
    console.print("")
    console.print(view.table.table)
    for problem in view.obstacles.lines { console.print(time(in: problem)) }
    if let run = try await service.lastRun() {
      let summary = run.summary
      let pending = summary.pending > 0 ? ", \(summary.pending.counted("message")) waiting" : ""
      console.print("")
      console.print(
        "Last run \(time(run.endedAt)): \(summary.read.grouped) of \(summary.organizations.counted("organization")) read\(pending)."
      )
    }
    for line in DeadLetterText(letters: dead, time: time).lines { console.print(line) }
  }

  /// Gathers something from the rows as they come, or from all at once where they are to be ordered.
  private func reduce<Gathered: Sendable>(
    _ screen: Wanted, _ service: Setup, into start: Gathered,
    _ add: @Sendable @escaping (inout Gathered, [StatusRow]) throws -> Void
  ) async throws -> Gathered {
    guard sort != nil || top != nil else {
      return try await service.status.reduce(screen.ids, in: screen.month, into: start, add)
    }
    var gathered = start
    try add(&gathered, try await service.status(screen.ids, in: screen.month))
    return gathered
  }

  /// What a screen is made of.
  private struct StatusView {
    var summary = StatusSummary()
    var table: StatusTable
    var obstacles = StatusObstacles()
  }
}

/// Which rows are shown, and in which order.
private struct StatusChoice: Sendable {
  let firing: Bool
  let order: StatusOrder?
  let top: Int?

  func rows(_ rows: [StatusRow]) -> [StatusRow] {
    guard firing || order != nil || top != nil else { return rows }
    let urgent = Set(rows.filter(\.state.isUrgent).map(\.organization))
    let kept = firing ? rows.filter { urgent.contains($0.organization) } : rows
    let ordered = (order ?? (top == nil ? nil : .urgency))?.sorted(kept) ?? kept
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
}

extension StatusOrder: ExpressibleByArgument {}
