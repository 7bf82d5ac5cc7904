import Foundation
import QuotaCore
import Testing
import UsageStore

@Suite("The ledger in the database")
struct LedgerTests {
  static func report(
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
  static func november(_ reader: any StoreReader) throws -> LedgerCount? {
    try reader.ledger(of: [.acme], from: .november, to: .november)[.acme]?[.november]?.total
  }

  static func month() throws -> [ExecutionReport] {
    [
      try report("a", .success, requested: "2026-10-31T23:59:00Z", ended: "2026-11-01T00:00:10Z", pages: 3),
      try report("b", .success, requested: "2026-11-02T00:00:00Z", ended: "2026-11-02T00:00:10Z"),
      try report("c", .error, requested: "2026-11-02T00:00:00Z", ended: "2026-11-02T00:00:10Z"),
      try report("d", .processing, requested: "2026-11-30T23:59:59Z"),
      try report("e", .success, requested: "2026-11-30T23:59:59Z", ended: "2026-12-01T00:00:00Z", pages: 2),
      try report("f", .success, requested: "2026-11-30T23:59:58Z", ended: "2026-11-30T23:59:59Z", of: .globex),
    ]
  }

  @Test(
    "A month's counts are those of its ends, with what straddles each turn; importing again adds nothing",
    arguments: StoreEngine.all)
  func months(engine: StoreEngine) async throws {
    let store = try engine.store()
    let reports = try Self.month()
    for _ in 0..<2 { try await store.write { for report in reports { _ = try $0.record(report) } } }
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

  @Test(
    "A time outside of the vendor's years says nothing, and hides nothing of the others",
    arguments: StoreEngine.all, ["1970-01-01T00:00:00Z", "2019-12-31T23:59:59Z", "2101-01-01T00:00:00Z"])
  func strangeTimes(engine: StoreEngine, time: String) async throws {
    let store = try engine.store(in: try #require(TimeZone(identifier: "America/Los_Angeles")))
    let reports = try [
      Self.report("a", .success, requested: "2026-11-02T00:00:00Z", ended: "2026-11-03T00:00:00Z", pages: 5),
      Self.report("b", .success, requested: time, ended: "2026-11-04T00:00:00Z", pages: 7),
      Self.report("c", .success, requested: "2026-11-04T00:00:00Z", ended: time, pages: 9),
      Self.report("d", .processing, requested: time),
    ]
    try await store.write { for report in reports { _ = try $0.record(report) } }
    #expect(try await store.read { try $0.ledgerMonths() } == .november ... .november)
    #expect(try await store.read { try Self.november($0) }?.pages == 21)
  }

  @Test("A machine whose clock was anywhere hides nothing", arguments: StoreEngine.all)
  func strangeClock(engine: StoreEngine) async throws {
    let store = try engine.store()
    let (first, second) = (
      try Self.report("a", .success, requested: "2026-11-02T00:00:00Z", ended: "2026-11-03T00:00:00Z", pages: 5),
      ExecutionReport(
        key: Execution.Key(
          organization: .acme, kind: .conversion, id: try #require(ExecutionID(rawValue: "b"))),
        status: .processing, origin: .webhook, seenAt: Date(timeIntervalSince1970: 60))
    )
    try await store.write { for report in [first, second] { _ = try $0.record(report) } }
    #expect(try await store.read { try $0.ledgerMonths() }?.contains(.november) == true)
  }

  @Test("Months turn in the billing time zone", arguments: StoreEngine.all)
  func zone(engine: StoreEngine) async throws {
    let store = try engine.store(in: try #require(TimeZone(identifier: "Europe/Berlin")))
    let reports = try Self.month()
    try await store.write { for report in reports { _ = try $0.record(report) } }
    let total = try #require(try await store.read { try Self.november($0) })
    #expect((total.succeeded, total.straddlingStart, total.straddlingEnd) == (2, 0, 0))
  }

  @Test(
    "Months of many organizations are what one gets by counting one by one",
    arguments: StoreEngine.all, ["UTC", "Europe/Berlin", "Asia/Tokyo"])
  func manyMonths(engine: StoreEngine, zone name: String) async throws {
    let zone = try #require(TimeZone(identifier: name))
    let store = try engine.store(in: zone)
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
    try await store.write { for report in reports { _ = try $0.record(report) } }
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

  @Test("What is open is asked for until it ends or is given up", arguments: StoreEngine.all)
  func open(engine: StoreEngine) async throws {
    let store = try engine.store()
    let report = try Self.report("d", .processing, requested: "2026-11-02T00:00:00Z")
    let ended = try Self.report("d", .success, requested: "2026-11-02T00:00:00Z", ended: "2026-11-03T00:00:00Z")
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

  @Test(
    "Executions are found by their id whatever their kind, and open ones are asked for oldest first",
    arguments: StoreEngine.all)
  func found(engine: StoreEngine) async throws {
    let store = try engine.store()
    let reports = [
      try Self.report("x", .processing, requested: "2026-11-03T00:00:00Z"),
      try Self.report("x", .enqueued, requested: "2026-11-02T00:00:00Z", kind: .step),
      try Self.report("x", .success, requested: "2026-11-01T00:00:00Z", ended: "2026-11-01T01:00:00Z", of: .globex),
      try Self.report("y", .enqueued, requested: "2026-11-01T00:00:00Z", of: .globex),
    ]
    #expect(try await store.read { try $0.ledgerMonths() } == nil)
    try await store.write { for report in reports { _ = try $0.record(report) } }
    let id = try #require(ExecutionID(rawValue: "x"))
    try await store.read { reader throws in
      #expect(try reader.executions(with: id).map(\.key) == [reports[0].key, reports[1].key, reports[2].key])
      #expect(try reader.execution(reports[1].key)?.status == .enqueued)
      let open = try reader.openExecutions(of: [.acme, .globex]).map(\.key)
      #expect(open == [reports[3].key, reports[1].key, reports[0].key])
    }
    // A report again changes nothing, and another end is a contradiction.
    try await store.write { writer in
      #expect(try writer.record(reports[2]) == .unchanged)
      let failed = try Self.report("x", .error, requested: "2026-11-01T00:00:00Z", of: .globex)
      guard case .contradicts = try writer.record(failed) else { throw TestFailure() }
    }
  }
}
