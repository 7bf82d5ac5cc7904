import Foundation
import QuotaCore
import Reports
import Testing

@Suite("The usage report")
struct UsageReportTests {
  @Test("is CSV with a header and a row per metric")
  func csv() throws {
    let months = [
      try ExampleMonth().stored(),
      try ExampleMonth(
        id: "globex", name: "Globex, \"Inc\"", month: "2025-12", pages: 1, conversions: 3,
        quota: Quota(pages: 3, conversions: 0), lastSeen: "2026-02-09T00:00:00.000Z", snapshot: 12
      ).stored(),
    ]
    #expect(
      try report(months) == """
        schema_version,organization_id,organization_name,period,period_time_zone,period_start_utc,period_end_utc,\
        metric,quantity,unit,quota,percent_of_quota,period_status,first_seen_utc,last_seen_utc,snapshot_id
        1,acme,Acme Corp,2026-01,UTC,2026-01-01T00:00:00.000Z,2026-02-01T00:00:00.000Z,\
        conversions,12,conversion,,,open,2026-01-20T10:00:00.000Z,2026-01-31T23:50:00.123Z,7
        1,acme,Acme Corp,2026-01,UTC,2026-01-01T00:00:00.000Z,2026-02-01T00:00:00.000Z,\
        pages,8000,page,10000,80.00,open,2026-01-20T10:00:00.000Z,2026-01-31T23:50:00.123Z,7
        1,globex,"Globex, ""Inc""\",2025-12,UTC,2025-12-01T00:00:00.000Z,2026-01-01T00:00:00.000Z,\
        conversions,3,conversion,0,,settled,2026-01-20T10:00:00.000Z,2026-02-09T00:00:00.000Z,12
        1,globex,"Globex, ""Inc""\",2025-12,UTC,2025-12-01T00:00:00.000Z,2026-01-01T00:00:00.000Z,\
        pages,1,page,3,33.33,settled,2026-01-20T10:00:00.000Z,2026-02-09T00:00:00.000Z,12

        """)
  }

  @Test("is JSON Lines with every key in every object")
  func jsonLines() throws {
    #expect(
      try report([ExampleMonth(name: "Acme \"A\\B\"\n").stored()], format: .jsonl) == #"""
        {"schema_version":1,"organization_id":"acme","organization_name":"Acme \"A\\B\"\u000a","period":"2026-01",\#
        "period_time_zone":"UTC","period_start_utc":"2026-01-01T00:00:00.000Z",\#
        "period_end_utc":"2026-02-01T00:00:00.000Z","metric":"conversions","quantity":12,"unit":"conversion",\#
        "quota":null,"percent_of_quota":null,"period_status":"open","first_seen_utc":"2026-01-20T10:00:00.000Z",\#
        "last_seen_utc":"2026-01-31T23:50:00.123Z","snapshot_id":7}
        {"schema_version":1,"organization_id":"acme","organization_name":"Acme \"A\\B\"\u000a","period":"2026-01",\#
        "period_time_zone":"UTC","period_start_utc":"2026-01-01T00:00:00.000Z",\#
        "period_end_utc":"2026-02-01T00:00:00.000Z","metric":"pages","quantity":8000,"unit":"page",\#
        "quota":10000,"percent_of_quota":80.00,"period_status":"open","first_seen_utc":"2026-01-20T10:00:00.000Z",\#
        "last_seen_utc":"2026-01-31T23:50:00.123Z","snapshot_id":7}

        """#)
  }

  @Test("without a month is a header, or nothing", arguments: [(ReportFormat.csv, 1), (.jsonl, 0)])
  func empty(format: ReportFormat, lines: Int) throws {
    #expect(try report([], format: format).split(separator: "\n").count == lines)
  }

  @Test("bounds a month in the vendor's time zone, across daylight saving")
  func zone() throws {
    let zone = try #require(TimeZone(identifier: "Europe/Berlin"))
    let text = try report([ExampleMonth(month: "2026-03").stored()], zone: zone, zoneName: "Europe/Berlin")
    #expect(try column("period_time_zone", of: text)[0] == "Europe/Berlin")
    #expect(try column("period_start_utc", of: text)[0] == "2026-02-28T23:00:00.000Z")
    #expect(try column("period_end_utc", of: text)[0] == "2026-03-31T22:00:00.000Z")
  }

  @Test("calls a month open that only a clock that was ahead has seen settle")
  func ahead() throws {
    let month = try ExampleMonth(firstSeen: "2026-01-31T12:00:00.000Z", lastSeen: "2026-02-20T12:00:00.000Z").stored()
    let now = try #require(Date(iso8601: "2026-02-02T12:00:00.000Z"))
    #expect(try column("period_status", of: report([month], now: now)) == ["open", "open"])
    #expect(try column("period_status", of: report([month])) == ["settled", "settled"])
  }

  @Test(
    "calls a month settled by the rule of the core, in the vendor's time zone",
    arguments: [
      ("2026-01-31T12:00:00.000Z", "2026-02-03T22:59:59.999Z"),
      ("2026-01-31T12:00:00.000Z", "2026-02-03T23:00:00.000Z"),
      ("2026-02-03T12:00:00.000Z", "2026-02-04T11:00:00.000Z"),
      ("2026-02-28T12:00:00.000Z", "2026-02-28T22:59:00.000Z"),
      ("2026-02-28T12:00:00.000Z", "2026-02-28T23:00:00.000Z"),
    ])
  func settlement(firstSeen: String, lastSeen: String) throws {
    let zone = try #require(TimeZone(identifier: "Europe/Berlin"))
    let month = try ExampleMonth(firstSeen: firstSeen, lastSeen: lastSeen).stored()
    let expected = Settlement.isSettled(month.usage.snapshot, in: zone, at: .distantFuture) ? "settled" : "open"
    #expect(try column("period_status", of: report([month], zone: zone)) == [expected, expected])
  }

  @Test(
    "rounds percentages half away from zero, exactly",
    arguments: [
      (0, 10_000, "0.00"), (1, 3, "33.33"), (2, 3, "66.67"), (1, 20_000, "0.01"), (1, 20_001, "0.00"),
      (12_345, 20_000, "61.73"), (10_000, 10_000, "100.00"), (9_999_999, 10_000_000, "100.00"), (5, 0, ""),
      (3, nil, ""), (Int64.max, 1, "922337203685477580700.00"), (Int64.max, Int64.max, "100.00"),
      (Int64.max - 1, Int64.max, "100.00"), (200, 1, "20000.00"),
    ] as [(Int64, Int64?, String)])
  func percentages(quantity: Int64, quota: Int64?, expected: String) throws {
    let text = try report([ExampleMonth(pages: quantity, quota: Quota(pages: quota)).stored()])
    #expect(try column("percent_of_quota", of: text)[1] == expected)
  }

  @Test("writes numbers as they are", arguments: [Int64.min, -1_234_567, -1, 0, 9, 10, 99, 1_000_000, Int64.max])
  func numbers(number: Int64) throws {
    let text = try report([ExampleMonth(pages: number, snapshot: number).stored()])
    #expect(try column("quantity", of: text)[1] == "\(number)")
    #expect(try column("snapshot_id", of: text) == ["\(number)", "\(number)"])
  }

  @Test("writes times as the core does, from any year")
  func times() throws {
    let special: [Int64] = [
      0, -1, 951_782_399_999, 951_868_800_000, 4_107_542_399_999, 4_107_542_400_000, 253_402_300_799_999,
      -62_135_596_800_000, -12_219_292_800_001,
    ]
    let arbitrary = (0..<2_000).map { _ in Int64.random(in: 0...4_200_000_000_000) }
    let dates = (special + arbitrary).map { Date(timeIntervalSince1970: Double($0) / 1_000) }
    let template = try ExampleMonth().stored().usage.snapshot
    let months = dates.map { date in
      let snapshot = Snapshot(
        id: 1, organization: template.organization, month: template.month, counters: template.counters,
        firstSeenAt: date, lastSeenAt: date.addingTimeInterval(0.000_3))
      return StoredMonth(
        organizationName: "", usage: MonthUsage(snapshot: snapshot, quota: Quota(), askedAt: nil, settledAt: nil))
    }
    let expected = dates.flatMap { [$0.iso8601, $0.iso8601] }
    let text = try report(months)
    #expect(try column("first_seen_utc", of: text) == expected)
    #expect(try column("last_seen_utc", of: text) == expected)
    #expect(expected[4] == "2000-02-28T23:59:59.999Z" && expected[6] == "2000-03-01T00:00:00.000Z")
  }

  @Test("keeps each organization's and month's own cells when they take turns")
  func turns() throws {
    let months = try (0..<40).map { number in
      try ExampleMonth(
        id: "org-\(number / 4 % 3)", name: "Name \(number / 6)", month: number.isMultiple(of: 2) ? "2026-01" : "2026-02"
      ).stored()
    }
    let text = try report(months)
    let doubled = months.flatMap { [$0, $0] }
    #expect(try column("organization_id", of: text) == doubled.map(\.usage.snapshot.organization.rawValue))
    #expect(try column("organization_name", of: text) == doubled.map(\.organizationName))
    #expect(try column("period", of: text) == doubled.map(\.usage.snapshot.month.description))
  }

  @Test("hands its bytes on in pieces, while it is written", arguments: ReportFormat.allCases)
  func streaming(format: ReportFormat) throws {
    var pieces: [Int] = []
    var report = UsageReport(format: format, zone: .gmt, zoneName: "UTC", now: .distantFuture) {
      pieces.append($0.count)
    }
    let month = try ExampleMonth().stored()
    for _ in 0..<2_000 { try report.write(month) }
    #expect(!pieces.isEmpty)
    try report.finish()
    #expect(pieces.allSatisfy { $0 > 0 && $0 < 128 << 10 })
    #expect(pieces.dropLast().allSatisfy { $0 >= 64 << 10 })
    let whole = try ReportsTests.report(Array(repeating: month, count: 2_000), format: format)
    #expect(pieces.reduce(0, +) == whole.utf8.count)
  }

  @Test("gives the same bytes for the same data", arguments: ReportFormat.allCases)
  func reproducible(format: ReportFormat) throws {
    let months = try (0..<50).map { try ExampleMonth(id: "org-\($0)", pages: Int64($0) * 991).stored() }
    #expect(try report(months, format: format) == report(months, format: format))
  }
}
