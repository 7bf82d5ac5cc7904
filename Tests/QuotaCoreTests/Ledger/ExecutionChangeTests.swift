import FoundationEssentials
import QuotaCore
import TestSupport
import Testing

@Suite("What a report does to the ledger")
struct ExecutionChangeTests {
  static func report(
    _ status: ExecutionStatus, requested: String? = nil, ended: String? = nil, pages: Int64? = nil,
    seen: String = "2026-11-05T12:00", origin: ExecutionOrigin = .poll
  ) throws -> ExecutionReport {
    let id = try #require(ExecutionID(rawValue: "cm5v1"))
    return ExecutionReport(
      key: Execution.Key(organization: OrganizationID("acme"), kind: .step, id: id), status: status, pages: pages,
      requestedAt: requested.map(moment), endedAt: ended.map(moment), origin: origin, seenAt: moment(seen))
  }

  /// The ledger's entry after some reports.
  static func after(_ reports: [ExecutionReport]) -> Execution? {
    reports.reduce(nil) { known, report in
      switch Execution.change(of: known, by: report) {
      case .added(let execution), .changed(let execution): execution
      case .unchanged, .contradicts: known
      }
    }
  }

  @Test("Reports in any order, each as often as one likes, lead to the same status and times")
  func order() throws {
    let reports = [
      try Self.report(.enqueued, requested: "2026-11-05T11:59"),
      try Self.report(.processing, requested: "2026-11-05T11:59"),
      try Self.report(.success, requested: "2026-11-05T11:59", ended: "2026-11-05T12:01", pages: 3),
    ]
    let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0], [2, 2, 1, 0, 1, 2]]
    for order in orders {
      let execution = try #require(Self.after(order.map { reports[$0] }))
      #expect(execution.status == .success)
      #expect(execution.pages == 3)
      #expect(execution.requested == moment("2026-11-05T11:59"))
      #expect(execution.ended == moment("2026-11-05T12:01"))
      #expect(Execution.change(of: execution, by: reports[2]) == .unchanged)
    }
  }

  @Test("The status never goes back, and an end stays", arguments: [ExecutionStatus.success, .error])
  func forward(end: ExecutionStatus) throws {
    let ended = Execution(try Self.report(end))
    for status in [ExecutionStatus.enqueued, .processing, end] {
      #expect(Execution.change(of: ended, by: try Self.report(status, seen: "2026-11-06T12:00")) == .unchanged)
    }
    let other: ExecutionStatus = end == .success ? .error : .success
    let ends = Self.contradiction(of: ended, by: try Self.report(other))
    #expect(ends?.known.status == end)
    #expect(ends?.said.status == other)
  }

  private static func contradiction(of known: Execution, by report: ExecutionReport) -> Execution.Contradiction? {
    guard case .contradicts(let ends) = Execution.change(of: known, by: report) else { return nil }
    return ends
  }

  @Test("Another number of pages is another end; the first one stays")
  func otherPages() throws {
    let ended = Execution(try Self.report(.success, pages: 5))
    let ends = try #require(Self.contradiction(of: ended, by: try Self.report(.success, pages: 1_009)))
    #expect("\(ends.known), not \(ends.said)" == "success with 5 pages, not success with 1,009 pages")
    #expect(Execution.change(of: ended, by: try Self.report(.success, pages: 5)) == .unchanged)
    #expect(Execution.change(of: ended, by: try Self.report(.success)) == .unchanged)
    #expect(Execution.change(of: ended, by: try Self.report(.processing, pages: 9)) == .unchanged)
  }

  @Test("What was told first stays, and what was not told is filled in")
  func fillingIn() throws {
    let first = Execution(try Self.report(.success, requested: "2026-11-05T11:00"))
    let second = try Self.report(.success, requested: "2026-11-05T11:30", ended: "2026-11-05T11:40", pages: 2)
    guard case .changed(let after) = Execution.change(of: first, by: second) else {
      Issue.record("nothing was filled in")
      return
    }
    #expect(after.requestedAt == moment("2026-11-05T11:00"))
    #expect(after.endedAt == moment("2026-11-05T11:40"))
    #expect(after.pages == 2)
    #expect(after.changedAt == first.changedAt)
  }

  @Test("An open execution has no end, even if a report names one")
  func openEnd() throws {
    let execution = Execution(try Self.report(.processing, ended: "2026-11-05T12:00"))
    #expect(execution.endedAt == nil)
    #expect(execution.ended == nil)
  }

  @Test("Where nobody tells times, our own stand in, and no end is before its request")
  func ownTimes() throws {
    let seen = try #require(
      Self.after([
        try Self.report(.enqueued, seen: "2026-11-05T12:00"), try Self.report(.success, seen: "2026-11-05T12:05"),
      ]))
    #expect(seen.requested == moment("2026-11-05T12:00"))
    #expect(seen.countedAt == moment("2026-11-05T12:05"))
    let early = Execution(try Self.report(.success, requested: "2026-11-05T12:10", ended: "2026-11-05T12:09"))
    #expect(early.ended == moment("2026-11-05T12:10"))
  }

  @Test(
    "Both spellings of a status are known",
    arguments: [
      ("ENQUEUED", .enqueued), ("PROCESSING", .processing), ("SUCCESS", .success), ("ERROR", .error),
      ("completed", .success), ("failed", .error), ("started", .processing), ("done", nil), ("", nil),
    ] as [(String, ExecutionStatus?)])
  func words(word: String, status: ExecutionStatus?) {
    #expect(ExecutionStatus(word: word) == status)
  }

  @Test(
    "An id can stand in an address as it is",
    arguments: [
      ("cm5v", true), ("A1-b_c.d:e~f", true), ("", false), ("a/b", false), ("a b", false), ("../x", false),
      ("a?b", false),
      ("é", false), ("a%2F", false), (String(repeating: "a", count: 128), true),
      (String(repeating: "a", count: 129), false),
    ])
  func ids(text: String, isValid: Bool) {
    #expect((ExecutionID(rawValue: text) != nil) == isValid)
  }
}
