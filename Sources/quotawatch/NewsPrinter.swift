import FoundationEssentials
import QuotaCore
import QuotaService

/// Prints what happens to executions: what is known on standard output, what went wrong on standard error.
struct NewsPrinter: Sendable {
  let json: Bool
  let time: ReaderTime

  func print(_ news: ExecutionNews) {
    if json { return Console.standardOutput.printJSON(JSONText.line(NewsOutput(news))) }
    switch news {
    case .status(let execution, let before, let problem):
      let change = before.flatMap { $0 == execution.status ? nil : "\($0.rawValue) → " } ?? ""
      let reason = problem.map { ": \($0)" } ?? ""
      let changed = execution.status.hasEnded ? execution.ended ?? execution.changedAt : execution.changedAt
      Console.standardOutput.print("\(time(changed))  \(execution.key)  \(change)\(execution.status.rawValue)\(reason)")
    case .contradiction(let key, let ends):
      Console.standardError.print("quotawatch: \(ends.words(of: key))")
    case .givenUp(let key):
      Console.standardError.print("quotawatch: \(key): has not ended and is no longer asked for (ledger.give_up_after)")
    case .failure(let key, let failure):
      Console.standardError.print("quotawatch: \(key): \(failure.message)")
    }
  }
}

/// The same as JSON.
private struct NewsOutput: Encodable {
  let event: String
  let organizationId: OrganizationID
  let kind: ExecutionKind
  let id: String
  var status: ExecutionStatus?
  var before: ExecutionStatus?
  var requestedAt: Date?
  var endedAt: Date?
  /// Why an execution or a question for it failed.
  var reason: String?
  var message: String?

  init(_ news: ExecutionNews) {
    organizationId = news.key.organization
    kind = news.key.kind
    id = news.key.id.rawValue
    switch news {
    case .status(let execution, let before, let problem):
      event = "status"
      status = execution.status
      self.before = before
      requestedAt = execution.requested
      endedAt = execution.ended
      message = problem
    case .contradiction(_, let ends):
      event = "contradiction"
      before = ends.known.status
      status = ends.said.status
      if ends.said.pages != nil { message = "the vendor says \(ends.said), but the ledger has \(ends.known)" }
    case .givenUp: event = "given_up"
    case .failure(_, let failure):
      event = "failure"
      reason = failure.reason.rawValue
      message = failure.message
    }
  }
}

/// What came of asking for executions, as JSON.
struct FollowOutput: Encodable {
  let asked: Int
  let succeeded: Int
  let failed: Int
  let open: Int
  let givenUp: Int
  let unasked: Int

  init(_ report: FollowExecutions.Report) {
    asked = report.asked
    succeeded = report.succeeded
    failed = report.failed
    open = report.open
    givenUp = report.givenUp
    unasked = report.failures.count
  }
}
