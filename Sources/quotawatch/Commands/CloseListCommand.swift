import ArgumentParser
import FoundationEssentials
import QuotaCore
import QuotaService
import Reports

struct CloseListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List what was closed and opened again, and what the vendor changed afterwards.",
    discussion: """
      Examples:
        quotawatch close list
        quotawatch close list last-month --organization acme --json
      """)

  @OptionGroup var common: CommonOptions

  @OptionGroup var period: MonthArguments
  @OptionGroup var choice: OrganizationFilter

  @Flag(help: "Print the entries as JSON.")
  var json = false

  func run() async throws {
    let service = try common.service()
    let listed = try await service.closings(
      months: try period.optionalMonths(in: service), organizations: try choice.ids(in: service.configuration))
    if json {
      Console.standardOutput.printJSON(JSONText.list("closings", listed.map(ClosingOutput.init)))
    } else if listed.isEmpty {
      Console.standardOutput.print("Nothing was closed yet.")
    } else {
      Console.standardOutput.print(ClosingTable(listed, time: try common.time).table)
    }
  }
}

/// The closing journal as an aligned table.
struct ClosingTable {
  private(set) var table = TextTable([
    .init("NO", .right), .init("MONTH"), .init("ORGANIZATION", widths: 10...28, keeping: 20), .init("STATE"),
    .init("PAGES", .right), .init("CONVERSIONS", .right), .init("AT", rank: 2), .init("BY", widths: 8...20, rank: 3),
    .init("HASH", rank: 1), .init("NOTE", widths: 10 ... .max),
  ])

  init(_ listed: [ListClosings.Entry], time: ReaderTime = .utc) {
    for item in listed {
      let entry = item.closing.entry
      let counters = item.closing.closedMonth?.snapshot?.counters
      table.add([
        .init("\(item.closing.sequence)"), .init(entry.month.description), .init(entry.organization.rawValue),
        .init(item.state, color: item.holds ? item.postCloseChange == nil ? .green : .yellow : .dim),
        .init((counters?.pages).grouped), .init((counters?.conversions).grouped),
        .init(time(entry.actedAt)), .init(entry.actedBy), .init(String(item.closing.hash.prefix(12))),
        .init(item.note),
      ])
    }
  }
}

extension ListClosings.Entry {
  fileprivate var state: String {
    switch closing.entry.action {
    case .reopen: "reopened"
    case .close: holds ? "closed" : "reopened later"
    }
  }

  fileprivate var note: String {
    switch closing.entry.action {
    case .reopen(let reason): return reason
    case .close(let month):
      var notes: [String] = []
      if let postCloseChange {
        let changes = Metric.allCases.filter { postCloseChange.change(of: $0) != 0 }.map { metric in
          let change = postCloseChange.change(of: metric)
          return "\(change > 0 ? "+" : "")\(change.grouped) \(metric.rawValue)"
        }
        let what = changes.isEmpty ? "read for the first time" : changes.joined(separator: ", ")
        notes.append("changed after the closing: \(what)")
      }
      if let forced = month.forcedBecause { notes.append("forced: \(forced)") }
      return notes.joined(separator: "; ")
    }
  }
}

/// An entry of the closing journal as JSON.
struct ClosingOutput: Encodable {
  struct Change: Encodable {
    let pages: Int64
    let conversions: Int64
    let snapshotId: Int64
    let firstSeenAt: Date
  }

  let sequence: Int64
  let action: String
  let organizationId: OrganizationID
  let month: BillingMonth
  let timeZone: String
  let pages: Int64?
  let conversions: Int64?
  let snapshotId: Int64?
  let firstSeenAt: Date?
  let lastSeenAt: Date?
  let quotaPages: Int64?
  let quotaConversions: Int64?
  let settled: Bool?
  let plan: String?
  let planVersion: String?
  let forcedBecause: String?
  let reason: String?
  let actedAt: Date
  let actedBy: String
  let previousHash: String
  let hash: String
  /// Whether the month is closed by this entry now.
  let holds: Bool
  /// How much more the vendor counts now.
  let postCloseChange: Change?

  init(_ listed: ListClosings.Entry) {
    self.init(listed.closing, holds: listed.holds, change: listed.postCloseChange)
  }

  init(_ closing: Closing, holds: Bool = true, change: PostCloseChange? = nil) {
    let entry = closing.entry
    let closed = closing.closedMonth
    sequence = closing.sequence
    action = entry.action.name
    organizationId = entry.organization
    month = entry.month
    timeZone = entry.timeZone
    pages = closed?.snapshot?.counters.pages
    conversions = closed?.snapshot?.counters.conversions
    snapshotId = closed?.snapshot?.id
    firstSeenAt = closed?.snapshot?.firstSeenAt
    lastSeenAt = closed?.snapshot?.lastSeenAt
    quotaPages = closed?.quota.pages
    quotaConversions = closed?.quota.conversions
    settled = closed?.isSettled
    plan = closed?.plan
    planVersion = closed?.planVersion
    forcedBecause = closed?.forcedBecause
    if case .reopen(let why) = entry.action { reason = why } else { reason = nil }
    actedAt = entry.actedAt
    actedBy = entry.actedBy
    previousHash = closing.previousHash
    hash = closing.hash
    self.holds = holds && closed != nil
    postCloseChange = change.map {
      Change(
        pages: $0.change(of: .pages), conversions: $0.change(of: .conversions), snapshotId: $0.latest.id,
        firstSeenAt: $0.latest.firstSeenAt)
    }
  }
}
