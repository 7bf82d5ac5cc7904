import FoundationEssentials
import QuotaCore
import Testing

@testable import quotawatch

@Suite("A table that is too wide")
struct FittingTests {
  private static let columns: [TextTable.Column] = [
    .init("NAME", widths: 6...20), .init("", widths: 3...10, rank: 1), .init("USED", .right),
    .init("SEEN", rank: 2), .init("STATE"),
  ]

  private static var table: TextTable {
    var table = TextTable(columns)
    table.add(["A rather long name", .init(used: 70, of: 100), "1,234", "2026-11-26", "ok"])
    return table
  }

  @Test("shrinks what can be shrunk, the widest first, and then leaves columns out by rank", arguments: 20...70)
  func fits(width: Int) {
    let lines = Self.table.render(colored: false, width: width).split(separator: "\n")
    #expect(lines.allSatisfy { DisplayWidth.of($0) <= max(width, 21) })
    #expect(lines[1].hasSuffix("ok"))
    // As much is shown as there is room for: nothing is left out that would fit at its narrowest.
    #expect(lines[0].contains("SEEN") == (width >= 6 + 3 + 5 + 10 + 5 + 8))
  }

  @Test("is as wide as its texts where nobody says how wide it may be")
  func unlimited() {
    #expect(
      Self.table.render(colored: false) == """
        NAME                             USED  SEEN        STATE
        A rather long name  ███████░░░  1,234  2026-11-26  ok

        """)
  }

  @Test("draws a bar shorter, never cut")
  func bars() {
    let text = Self.table.render(colored: false, width: 40)
    #expect(!text.contains("░…") && !text.contains("█…"))
    #expect(text.contains("…"))
  }
}

@Suite("Where everybody stands, on a terminal")
struct StatusScreenTests {
  private static func row(
    _ id: String, _ name: String, _ metric: Metric, used: Int64?, quota: Int64?, _ state: StatusRow.State
  ) -> StatusRow {
    StatusRow(
      organization: Organization(id: OrganizationID(id), name: name), month: BillingMonth("2026-11"), metric: metric,
      used: used, quota: quota, sinceYesterday: used.map { $0 / 10 }, projected: used.map { $0 * 2 },
      lastSeenAt: Date(iso8601: "2026-11-16T12:00:00.000Z"), state: state)
  }

  private static let rows = [
    row("acme", "Acme Corporation of North America", .pages, used: 12_345_678, quota: 10_000_000, .exceeded),
    row("acme", "Acme Corporation of North America", .conversions, used: 1_234, quota: nil, .unwatched),
    row("globex-international-holdings", "Globex", .pages, used: 9_500, quota: 10_000, .runsOut),
    row("globex-international-holdings", "Globex", .conversions, used: 10, quota: 500, .ok),
    row("nihon", "日本語株式会社", .pages, used: 4_100_000, quota: 5_000_000, .firing),
    row("nihon", "日本語株式会社", .conversions, used: 0, quota: 500, .ok),
  ]

  @Test("fits 60, 80, 120 and 200 columns", arguments: [60, 80, 120, 200])
  func widths(width: Int) throws {
    let text = StatusTable(Self.rows).table.render(colored: false, width: width)
    #expect(text.split(separator: "\n").allSatisfy { DisplayWidth.of($0) <= width })
    #expect(text == Self.golden[width])
  }

  @Test("says first how many are in which state, the worst first")
  func summary() {
    #expect(
      StatusSummary(Self.rows, shown: Self.rows).line
        == "3 organizations in 2026-11: 1 over quota, 1 firing, 1 will run out.")
    #expect(
      StatusSummary(Self.rows, shown: Array(Self.rows.prefix(2))).line
        == "3 organizations in 2026-11: 1 over quota, 1 firing, 1 will run out; 1 of them shown.")
  }

  @Test("counts an organization as not watched only where none of its figures is")
  func unwatched() {
    let rows = [
      Self.row("acme", "acme", .pages, used: 1, quota: 10, .ok),
      Self.row("acme", "acme", .conversions, used: 1, quota: nil, .unwatched),
      Self.row("globex", "globex", .pages, used: 1, quota: nil, .unwatched),
    ]
    #expect(StatusSummary(rows, shown: rows).line == "2 organizations in 2026-11: 1 ok, 1 not watched.")
  }

  @Test(
    "is in the order that is asked for, the rows of an organization together",
    arguments: [
      (StatusOrder.used, ["acme", "nihon", "globex"]), (.percent, ["acme", "globex", "nihon"]),
      (.runOut, ["acme", "nihon", "globex"]), (.name, ["acme", "globex", "nihon"]),
      (.urgency, ["acme", "globex", "nihon"]),
    ])
  func order(order: StatusOrder, expected: [String]) {
    let mixed = Array(Self.rows[4...5] + Self.rows[2...3] + Self.rows[0...1])
    let ids = order.sorted(mixed).map { $0.organization.rawValue.prefix { $0 != "-" } }.map(String.init)
    #expect(ids == expected.flatMap { [$0, $0] })
  }

  private static let golden: [Int: String] = [
    60: """
    ORGANIZATION    METRIC             USED    USE  STATE
    acme            pages        12,345,678  123 %  over quota
                    conversions       1,234         not watched
    globex-intern…  pages             9,500   95 %  will run out
                    conversions          10    2 %  ok
    nihon           pages         4,100,000   82 %  firing
                    conversions           0    0 %  ok

    """,
    80: """
    ORGANIZATION            METRIC             USED       QUOTA    USE  STATE
    acme                    pages        12,345,678  10,000,000  123 %  over quota
                            conversions       1,234           –         not watched
    globex-international-…  pages             9,500      10,000   95 %  will run out
                            conversions          10         500    2 %  ok
    nihon                   pages         4,100,000   5,000,000   82 %  firing
                            conversions           0         500    0 %  ok

    """,
    120: """
    ORGANIZATION          NAME        METRIC             USED       QUOTA    USE         LAST 24 H    FORECAST  STATE
    acme                  Acme Corp…  pages        12,345,678  10,000,000  123 %  ████  +1,234,567  24,691,356  over quota
                                      conversions       1,234           –                     +123       2,468  not watched
    globex-internationa…  Globex      pages             9,500      10,000   95 %  ███░        +950      19,000  will run out
                                      conversions          10         500    2 %  █░░░          +1          20  ok
    nihon                 日本語株…   pages         4,100,000   5,000,000   82 %  ███░    +410,000   8,200,000  firing
                                      conversions           0         500    0 %  ░░░░          +0           0  ok

    """,
    200: """
    ORGANIZATION                  NAME                          METRIC             USED       QUOTA    USE               LAST 24 H    FORECAST  LAST SEEN          STATE
    acme                          Acme Corporation of North A…  pages        12,345,678  10,000,000  123 %  ██████████  +1,234,567  24,691,356  2026-11-16 12:00Z  over quota
                                                                conversions       1,234           –                           +123       2,468  2026-11-16 12:00Z  not watched
    globex-international-holdin…  Globex                        pages             9,500      10,000   95 %  █████████░        +950      19,000  2026-11-16 12:00Z  will run out
                                                                conversions          10         500    2 %  █░░░░░░░░░          +1          20  2026-11-16 12:00Z  ok
    nihon                         日本語株式会社                pages         4,100,000   5,000,000   82 %  ████████░░    +410,000   8,200,000  2026-11-16 12:00Z  firing
                                                                conversions           0         500    0 %  ░░░░░░░░░░          +0           0  2026-11-16 12:00Z  ok

    """,
  ]
}
