import Foundation
import QuotaCore
import Testing
import UsageStore

@Suite("The ledger in the database")
struct LedgerTests {
  private static func report(
    _ id: String, _ status: ExecutionStatus, requested: String, ended: String? = nil, pages: Int64? = nil,
    of organization: OrganizationID = .acme, kind: ExecutionKind = .conversion
  ) throws -> ExecutionReport {
    ExecutionReport(
      key: Execution.Key(
        organization: organization, kind: kind, id: try #require(ExecutionID(rawValue: id))),
      status: status, pages: pages, requestedAt: Date(rfc3339: requested), endedAt: ended.flatMap { Date(rfc3339: $0) },
      origin: .import, seenAt: .at("23T10:00"))
  }

  /// What acme's November holds.
  private static func november(_ reader: any StoreReader) throws -> LedgerCount? {
    try reader.ledger(of: [.acme], from: .november, to: .november)[.acme]?[.november]?.total
  }

  private static func month() throws -> [ExecutionReport] {
    [
      try report("a", .success, requested: "2026-10-31T23:59:00Z", ended: "2026-11-01T00:00:10Z", pages: 3),
      try report("b", .success, requested: "2026-11-02T00:00:00Z", ended: "2026-11-02T00:00:10Z"),
      try report("c", .error, requested: "2026-11-02T00:00:00Z", ended: "2026-11-02T00:00:10Z"),
      try report("d", .processing, requested: "2026-11-30T23:59:59Z"),
      try report("e", .success, requested: "2026-11-30T23:59:59Z", ended: "2026-12-01T00:00:00Z", pages: 2),
      try report("f", .success, requested: "2026-11-30T23:59:58Z", ended: "2026-11-30T23:59:59Z", of: .globex),
    ]
  }

  @Test("A month's counts are those of its ends, with what straddles each turn; importing again adds nothing")
  func months() async throws {
    let fixture = try StoreFixture()
    let reports = try Self.month()
    for _ in 0..<2 { try await fixture.fill { for report in reports { _ = try $0.record(report) } } }
    let store = try fixture.reader()
    let months = try await store.read { try $0.ledger(of: [.acme, .globex], from: .october, to: .november) }
    #expect(months[.globex]?.keys.sorted() == [.november])
    let total = try #require(months[.acme]?[.november]).total
    #expect((total.succeeded, total.failed, total.open) == (2, 1, 1))
    #expect((total.pages, total.withoutPages) == (3, 1))
    #expect((total.straddlingStart, total.straddlingEnd) == (1, 1))
    #expect(months[.acme]?[.october]?.total.straddlingEnd == 1)
    #expect(try await store.read { try $0.ledgerMonths() } == .october ... .named("2026-12"))
    let one = try await store.read { try $0.ledger(of: [.globex], from: .november, to: .november) }
    #expect(one.keys.sorted() == [.globex])
    #expect(try await store.read { try $0.ledgerOrganizations() } == [.acme, .globex])
  }

  @Test("Months turn in the billing time zone")
  func zone() async throws {
    let fixture = try StoreFixture()
    let reports = try Self.month()
    try await fixture.fill { for report in reports { _ = try $0.record(report) } }
    let zone = try #require(TimeZone(identifier: "Europe/Berlin"))
    let store = try SQLiteStore.open(path: fixture.path, access: .readOnly, billingTimeZone: zone)
    let total = try #require(try await store.read { try Self.november($0) })
    #expect((total.succeeded, total.straddlingStart, total.straddlingEnd) == (2, 0, 0))
  }

  @Test(
    "Months of many organizations are what one gets by counting one by one",
    arguments: ["UTC", "Europe/Berlin", "Asia/Tokyo"])
  func manyMonths(zone name: String) async throws {
    let fixture = try StoreFixture()
    let start = Date.at("01T00:00").timeIntervalSince1970 - 40 * 86_400
    let reports = try (0..<600).map { index in
      // Scattered over 120 days; most take up to an hour, some up to ninety days.
      let requested = Date(timeIntervalSince1970: start + Double(index * 2_654_435_761 % (120 * 86_400)))
      let status = index % 4 == 3 ? ExecutionStatus.allCases[index / 4 % 4] : .success
      let ended = requested + Double(index * 40_503 % (index % 10 == 0 ? 90 * 86_400 : 3_600))
      return ExecutionReport(
        key: Execution.Key(
          organization: index % 3 == 0 ? .globex : .acme, kind: index % 2 == 0 ? .step : .conversion,
          id: try #require(ExecutionID(rawValue: "e\(index)"))),
        status: status, pages: index % 7 == 0 ? nil : Int64(index % 5), requestedAt: requested,
        endedAt: status.hasEnded ? ended : nil, origin: .import, seenAt: .at("23T10:00"))
    }
    try await fixture.fill { for report in reports { _ = try $0.record(report) } }
    let zone = try #require(TimeZone(identifier: name))
    let store = try SQLiteStore.open(path: fixture.path, access: .readOnly, billingTimeZone: zone)
    let (first, last) = (BillingMonth.named("2026-08"), BillingMonth.named("2027-06"))
    let many = try await store.read { try $0.ledger(of: [.acme, .globex], from: first, to: last) }
    #expect(many == Self.counted(reports, in: zone))
    let october = try await store.read { try $0.ledger(of: [.acme], from: .october, to: .october) }
    #expect(october == [.acme: [.october: try #require(many[.acme]?[.october])]])
  }

  /// The same, counted one by one.
  private static func counted(
    _ reports: [ExecutionReport], in zone: TimeZone
  ) -> [OrganizationID: [BillingMonth: LedgerMonth]] {
    var counted: [OrganizationID: [BillingMonth: LedgerMonth]] = [:]
    func add(_ report: ExecutionReport, _ month: BillingMonth, _ change: (inout LedgerCount) -> Void) {
      let organization = report.key.organization
      change(
        &counted[organization, default: [:]][month, default: LedgerMonth(organization: organization, month: month)]
          .counts[report.key.kind, default: LedgerCount()])
    }
    for report in reports {
      guard let requested = report.requestedAt, let began = BillingMonth(containing: requested, in: zone),
        let month = BillingMonth(containing: report.endedAt ?? requested, in: zone)
      else { continue }
      add(report, month) { count in
        switch report.status {
        case .success:
          count.succeeded += 1
          count.pages += report.pages ?? 0
          count.withoutPages += report.pages == nil ? 1 : 0
          count.straddlingStart += began < month ? 1 : 0
        case .error: count.failed += 1
        case .enqueued, .processing: count.open += 1
        }
      }
      if report.status == .success, began < month { add(report, began) { $0.straddlingEnd += 1 } }
    }
    return counted
  }

  @Test("What is open is asked for until it ends or is given up")
  func open() async throws {
    let fixture = try StoreFixture()
    let report = try Self.report("d", .processing, requested: "2026-11-02T00:00:00Z")
    let ended = try Self.report("d", .success, requested: "2026-11-02T00:00:00Z", ended: "2026-11-03T00:00:00Z")
    let store = try fixture.writer()
    try await store.write { _ = try $0.record(report) }
    #expect(try await store.read { try $0.openExecutions(of: [.acme]) }.map(\.key) == [report.key])
    #expect(try await store.read { try $0.openExecutions(of: [.globex]) } == [])
    try await store.write { try $0.notePoll([report.key], givenUp: [report.key], at: .at("23T11:00")) }
    #expect(try await store.read { try $0.openExecutions(of: [.acme]) } == [])
    #expect(try await store.read { try Self.november($0) }?.givenUp == 1)
    try await store.write { _ = try $0.record(ended) }
    let after = try #require(try await store.read { try $0.execution(report.key) })
    #expect(after.status == .success)
    #expect(after.polledAt == .at("23T11:00"))
  }

  @Test("The inbox gives back what it took, once or again, and drops a line that was never finished")
  func inbox() async throws {
    let fixture = try StoreFixture()
    let reports = try Self.month()
    let inbox = try LedgerInbox(database: fixture.path)
    try await inbox.append(Array(reports.prefix(2)))
    let torn = Array(#"{"organization_id":"acme","ki"#.utf8)
    let file = try #require(FileHandle(forWritingAtPath: inbox.path))
    try file.seekToEnd()
    try file.write(contentsOf: torn)
    try file.close()
    let waiting = FileManager.default.contents(atPath: inbox.path)
    try await inbox.append(Array(reports.dropFirst(2)))
    let store = try fixture.writer()
    #expect(try await inbox.drain(into: store) == (6, 0))
    #expect(!inbox.hasReports)
    // As if the process had been killed between taking the reports and emptying the file.
    try #require(waiting).write(to: URL(filePath: inbox.path))
    #expect(try await inbox.drain(into: store) == (2, 0))
    #expect(try await store.read { try Self.november($0) }?.succeeded == 2)
  }

  @Test("A damaged line of the inbox is kept aside and holds up nothing")
  func damaged() async throws {
    let fixture = try StoreFixture()
    let inbox = try LedgerInbox(database: fixture.path)
    try Data("not a report\n".utf8).write(to: URL(filePath: inbox.path))
    try await inbox.append([try Self.month()[0]])
    let store = try fixture.writer()
    #expect(try await inbox.drain(into: store) == (1, 1))
    #expect(FileManager.default.contents(atPath: inbox.path + ".damaged")?.starts(with: Data("not a".utf8)) == true)
    #expect(!inbox.hasReports)
  }
}
