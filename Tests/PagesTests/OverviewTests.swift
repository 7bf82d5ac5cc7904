import FoundationEssentials
import QuotaCore
import Testing

@testable import Pages

@Suite("The overview")
struct OverviewTests {
  private func html(_ rows: [StatusRow], _ parameters: [String: String] = [:]) throws -> String {
    OverviewPage(rows: rows, lastRun: nil, query: OverviewQuery(parameters)).html(try PageTestWorld.frame())
  }

  /// The names of the rows in their order.
  private func names(_ rows: [StatusRow], _ parameters: [String: String] = [:]) throws -> [String] {
    try html(rows, parameters).split(separator: "<bdi>").dropFirst().map { String($0.prefix { $0 != "<" }) }
  }

  private static let rows = [
    PageTestWorld.row("calm", used: 100), PageTestWorld.row("free", quota: nil),
    PageTestWorld.row("over", used: 12_000, state: .exceeded), PageTestWorld.row("soon", used: 9_500),
    PageTestWorld.row("never", used: nil, state: .unknown), PageTestWorld.row("later", used: 7_000),
    PageTestWorld.row("half", used: 4_000), PageTestWorld.row("further-over", used: 13_000, state: .exceeded),
  ]

  @Test(
    "What is used up comes first, then what runs out soonest, then by percent, and what has no quota or figure last")
  func urgency() throws {
    #expect(
      try names(Self.rows) == ["further-over", "over", "soon", "later", "half", "calm", "free", "never"])
  }

  @Test("A column is sorted by, and rows without a value are last in either direction")
  func sorting() throws {
    let rows = Self.rows.filter { $0.name != "further-over" }
    #expect(try names(rows, ["sort": "used"]).prefix(2) == ["over", "soon"])
    #expect(try names(rows, ["sort": "used", "order": "reverse"]).prefix(2) == ["calm", "free"])
    #expect(try names(rows, ["sort": "used", "order": "reverse"]).last == "never")
    #expect(
      try html(rows, ["sort": "used"]).contains(#"aria-sort="descending"><a href="/?sort=used&amp;order=reverse""#))
  }

  @Test("Search, tag and state choose rows")
  func filters() throws {
    let rows = [
      PageTestWorld.row("acme", name: "Acme Corp", tags: ["eu"]), PageTestWorld.row("globex", tags: ["us"]),
      PageTestWorld.row("dead", state: .keyRejected, problem: "HTTP 401"),
    ]
    #expect(try names(rows, ["q": "corp ACME"]) == ["Acme Corp"])
    #expect(try names(rows, ["q": "us"]) == ["globex"])
    #expect(try names(rows, ["tag": "eu"]) == ["Acme Corp"])
    #expect(try names(rows, ["state": "unreadable"]) == ["dead"])
    #expect(try html(rows, ["q": "nobody"]).contains("No row fits"))
  }

  @Test("What is left of a month that is over is in no sum, and nothing of it is used up now")
  func monthThatIsOver() throws {
    let october = BillingMonth("2026-10")
    let over = PageTestWorld.row("over", used: 12_000, state: .exceeded, forecast: false, of: october)
    let alone = try html([over])
    #expect(alone.contains("nothing read") && alone.contains("October 2026"))
    let both = try html([over, PageTestWorld.row("calm", used: 321)])
    #expect(both.contains("<b>321</b>") && both.contains("of 10,000, 3 %"))
    #expect(try names([over], ["state": "exceeded"]) == [])
    #expect(try names([over], ["state": "stale"]) == ["over"])
  }

  @Test("5,000 organizations come in pages of rows, and a page that there is not is the nearest")
  func paging() throws {
    let rows = (1...5_000).flatMap { number in
      Metric.allCases.map { PageTestWorld.row("org-\(number)", metric: $0, used: Int64(number), forecast: false) }
    }
    #expect(try names(rows).count == 50)
    #expect(try html(rows, ["page": "2"]).contains("51–100 of 10,000 rows"))
    #expect(try html(rows, ["page": "9999999999"]).contains("9,951–10,000 of 10,000 rows"))
    #expect(try html(rows, ["page": "-3", "q": "org-1"]).contains("rel=\"next\""))
  }

  @Test("No quota means no percentage, and no bar")
  func withoutQuota() throws {
    let page = try html([PageTestWorld.row("free", quota: nil)])
    #expect(!page.contains(" %"))
    #expect(!page.contains("class=\"meter"))
  }

  @Test("Fresh, stale and unknown figures look different, and say so in words")
  func freshness() throws {
    #expect(try html([PageTestWorld.row("fresh")]).contains("<tr class=\"fresh\">"))
    let stale = try html([PageTestWorld.row("stale", seen: PageTestWorld.now - .days(2))])
    #expect(stale.contains("<tr class=\"stale\">") && stale.contains("</span> Stale</span>"))
    let unknown = try html([PageTestWorld.row("new", used: nil, state: .unknown)])
    #expect(unknown.contains("<tr class=\"unknown\">") && unknown.contains("Never read"))
    #expect(!unknown.contains(">0<span"))
  }

  @Test("Without an organization, the page says so")
  func empty() throws {
    let page = try html([])
    #expect(page.contains("Nothing to show yet"))
    #expect(!page.contains("<table"))
  }
}
