import ArgumentParser
import QuotaCore
import QuotaService
import Reports

struct LedgerStatusCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Show what the ledger holds, by organization and month.",
    discussion: """
      An execution belongs to the month in which it ended, in the billing time zone. STRADDLING are those that ended \
      well in another month than they were requested in: the vendor may count them on the other side of the turn.

      Examples:
        quotawatch ledger status
        quotawatch ledger status --from 2026-10 --to this-month --json acme
      """)

  @OptionGroup var common: CommonOptions

  @OptionGroup var choice: OrganizationArguments
  @OptionGroup var range: MonthRange

  @Flag(help: "Print it as JSON.")
  var json = false

  func run() async throws {
    let service = try common.service()
    let all = BillingMonth.all
    let months = try await service.ledgerStatus(
      months: try range.months(in: service, until: all.last) ?? all.first...all.last,
      only: try choice.ids(in: service.configuration))
    if json {
      Console.standardOutput.printJSON(JSONText.list("months", months.map(LedgerMonthOutput.init)))
    } else if months.isEmpty {
      Console.standardOutput.print("The ledger has nothing there.")
    } else {
      Console.standardOutput.print(table(months))
    }
  }

  private func table(_ months: [LedgerMonth]) -> TextTable {
    var table = TextTable([
      .init("ORGANIZATION", widths: 10...28, keeping: 20), .init("MONTH"), .init("ENDED WELL", .right),
      .init("PAGES", .right, rank: 1), .init("FAILED", .right), .init("OPEN", .right),
      .init("GIVEN UP", .right, rank: 2), .init("STRADDLING", .right, rank: 3),
    ])
    for month in months {
      let total = month.total
      // The vendor's answers tell no pages: what is known may be a part.
      let isKnown = total.pages > 0 || total.withoutPages == 0
      let pages = isKnown ? total.pages.grouped + (total.withoutPages > 0 ? "+" : "") : "–"
      table.add([
        .init(month.organization.rawValue), .init(month.month.description), .init(total.succeeded.grouped),
        .init(pages), .init(total.failed.grouped), .init(total.open.grouped),
        .init(total.givenUp.grouped), .init(total.straddling.grouped),
      ])
    }
    return table
  }
}

private struct LedgerMonthOutput: Encodable {
  struct Count: Encodable {
    let succeeded: Int64
    let failed: Int64
    let open: Int64
    let givenUp: Int64
    let pages: Int64
    let withoutPages: Int64
    let straddlingStart: Int64
    let straddlingEnd: Int64

    init(_ count: LedgerCount) {
      succeeded = count.succeeded
      failed = count.failed
      open = count.open
      givenUp = count.givenUp
      pages = count.pages
      withoutPages = count.withoutPages
      straddlingStart = count.straddlingStart
      straddlingEnd = count.straddlingEnd
    }
  }

  let organizationId: OrganizationID
  let month: BillingMonth
  let total: Count
  let kinds: [String: Count]

  init(_ month: LedgerMonth) {
    organizationId = month.organization
    self.month = month.month
    total = Count(month.total)
    kinds = Dictionary(uniqueKeysWithValues: month.counts.map { ($0.key.rawValue, Count($0.value)) })
  }
}
