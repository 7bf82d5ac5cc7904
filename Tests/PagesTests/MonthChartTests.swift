import FoundationEssentials
import QuotaCore
import Testing

@testable import Pages

@Suite("The chart of a month")
struct MonthChartTests {
  private func days(_ counts: [(Int, Int64)]) -> [MonthDay] {
    counts.map { MonthDay(day: $0.0, counters: Counters(pages: $0.1, conversions: 0)) }
  }

  private func chart(
    _ counts: [(Int, Int64)], quota: Int64? = 1_000, marks: [MonthChart.Mark] = [], before: [(Int, Int64)] = []
  ) throws -> String {
    MonthChart(
      metric: .pages, month: try #require(PageTestWorld.month), days: days(counts), before: days(before), quota: quota,
      marks: marks, forecast: [], summary: "a \"summary\""
    ).markup.html
  }

  @Test("A day's use is what the counter grew by since the day before, and is not known of the first one in mid-month")
  func steps() {
    #expect(MonthDay.steps(days([(1, 10), (2, 30), (3, 25)]), .pages).map(\.use) == [10, 20, -5])
    #expect(MonthDay.steps(days([(5, 100), (6, 130)]), .pages).map(\.day) == [6])
  }

  @Test("Days end with the last reading: what came later is not known", arguments: [(16, 4), (40, 4)])
  func unread(now: Int, last: Int) throws {
    let month = try #require(PageTestWorld.month)
    let start = month.period(in: .gmt).lowerBound
    func snapshot(_ day: Double, until end: Double, _ pages: Int64) -> Snapshot {
      Snapshot(
        id: pages, organization: OrganizationID("acme"), month: month, counters: Counters(pages: pages, conversions: 0),
        firstSeenAt: start + .seconds(Int64(day * 86_400)), lastSeenAt: start + .seconds(Int64(end * 86_400)))
    }
    let read = [snapshot(0.5, until: 0.5, 10), snapshot(1.5, until: 3.5, 20)]
    let days = MonthDay.days(of: month, read, in: .gmt, until: start + .days(Int64(now)))
    #expect(days.map(\.counters.pages) == [10, 20, 20, 20] && days.last?.day == last)
    let whole = MonthDay.days(of: month, read + [snapshot(30.5, until: 33, 30)], in: .gmt, until: start + .days(40))
    #expect(whole.count == 30 && whole.last?.counters.pages == 30)
  }

  @Test("It has the quota, the levels that fit, the days, the month before, and a name")
  func parts() throws {
    let svg = try chart(
      [(1, 100), (2, 400)], marks: [.init(words: "80 %", count: 800), .init(words: "far", count: 9_000)],
      before: [(1, 50), (2, 90)])
    for part in ["Quota 1,000", "80 %", "class=\"day\"", "class=\"before\"", "class=\"line\"", "1 Nov", "30 Nov"] {
      #expect(svg.contains(part), "\(part)")
    }
    #expect(svg.contains("role=\"img\" aria-label=\"a &quot;summary&quot;\"") && !svg.contains("far"))
    #expect(!svg.contains("style="))
  }

  @Test("A single reading of a month is a dot, and no line from its beginning")
  func single() throws {
    let svg = try chart([(12, 500)])
    #expect(svg.contains("<circle") && !svg.contains("class=\"line\"") && !svg.contains("class=\"day\""))
  }

  @Test(
    "Without a quota there is no line for it, and figures of any size stay inside", arguments: [0, 1, .max] as [Int64])
  func extremes(count: Int64) throws {
    let svg = try chart([(1, 0), (30, count)], quota: nil)
    #expect(!svg.contains("Quota"))
    let numbers = svg.matches(of: try Regex("[0-9]+\\.?[0-9]*")).compactMap { Double(svg[$0.range]) }
    #expect(numbers.allSatisfy { $0 <= 600 })
  }
}
