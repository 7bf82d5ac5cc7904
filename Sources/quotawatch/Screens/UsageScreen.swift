import QuotaCore
import QuotaService
import Reports

/// The usage report on a terminal.
struct UsageScreen {
  private(set) var table = TextTable([
    .init("ORGANIZATION", widths: 10...28, keeping: 20), .init("MONTH"), .init("METRIC"), .init("USED", .right),
    .init("QUOTA", .right), .init("USE", .right, rank: 1), .init("FIGURES"), .init("LAST SEEN", rank: 2),
  ])

  init(_ months: [(month: StoredMonth, isSettled: Bool)], time: ReaderTime = .utc) {
    for (month, isSettled) in months {
      let snapshot = month.usage.snapshot
      for metric in Metric.allCases.sorted() {
        let (used, quota) = (snapshot.counters[metric], month.usage.quota[metric])
        table.add([
          .init(snapshot.organization.rawValue), .init(snapshot.month.description), .init(metric.rawValue),
          .init(used.grouped), .init(quota.grouped),
          .init(quota.flatMap { Percent.whole(used, of: $0) }.map { "\($0.grouped) %" } ?? ""),
          .init(isSettled ? "settled" : "open", color: isSettled ? .green : nil), .init(time(snapshot.lastSeenAt)),
        ])
      }
    }
  }
}
