import FoundationEssentials
package import QuotaCore

/// One line of what a command that follows executions has to tell.
package enum ExecutionNews: Sendable {
  /// An execution is in another state than before; nil before for one that was not known.
  case status(Execution, before: ExecutionStatus?, problem: String?)
  /// The vendor says another end than the ledger holds, which stays.
  case contradiction(Execution.Key, Execution.Contradiction)
  /// It is no longer asked for.
  case givenUp(Execution.Key)
  case failure(Execution.Key, ExecutionFailure)

  package var key: Execution.Key {
    switch self {
    case .status(let execution, _, _): execution.key
    case .contradiction(let key, _), .givenUp(let key), .failure(let key, _): key
    }
  }
}

/// Takes what the vendor said to the ledger, inside one transaction.
struct AnswerCommit: Sendable {
  /// The age at which an execution that has not ended is given up; nil for never.
  let giveUpAfter: TimeSpan?

  /// - Parameter now: the moment of judging, not before the answers.
  func apply(_ answers: [AskedExecution], to writer: any StoreWriter, now: Date) throws -> [ExecutionNews] {
    let (news, givenUp) = try judge(answers, by: writer, now: now)
    for report in answers.compactMap(\.report) { _ = try writer.record(report) }
    try writer.notePoll(answers.map(\.key), givenUp: givenUp, at: now)
    return news
  }

  /// What the answers change of what is known, and which executions are given up.
  func judge(
    _ answers: [AskedExecution], by reader: any StoreReader, now: Date
  ) throws -> (news: [ExecutionNews], givenUp: Set<Execution.Key>) {
    var news: [ExecutionNews] = []
    var givenUp: Set<Execution.Key> = []
    for asked in answers {
      let before = try reader.execution(asked.key)
      var after = before
      if let report = asked.report {
        switch Execution.change(of: before, by: report) {
        case .added(let execution), .changed(let execution):
          after = execution
          if before?.status != execution.status {
            news.append(.status(execution, before: before?.status, problem: try? asked.result.get().problem))
          }
        case .contradicts(let contradiction): news.append(.contradiction(asked.key, contradiction))
        case .unchanged: break
        }
      }
      if case .failure(let failure) = asked.result { news.append(.failure(asked.key, failure)) }
      if let giveUpAfter, asked.isEvidence, let after, PollingPolicy.isOver(after, at: now, giveUpAfter: giveUpAfter) {
        givenUp.insert(asked.key)
        news.append(.givenUp(asked.key))
      }
    }
    return (news, givenUp)
  }
}

extension AskedExecution {
  /// What the ledger learns of it.
  var report: ExecutionReport? {
    (try? result.get())?.report(of: key.organization, kind: key.kind, origin: .poll)
  }

  /// Whether the vendor itself has said something of this execution, rather than nothing of it or of anything.
  fileprivate var isEvidence: Bool {
    guard case .failure(let failure) = result else { return true }
    return switch failure.reason {
    case .invalidRequest, .accessDenied, .notFound, .invalidAnswer: true
    case .keyRejected, .downloadTimeout, .tooLarge, .unsupportedType, .rateLimited, .serverError, .gateway,
      .unreachable, .timeout, .outcomeUnknown, .keyUnavailable, .deadline:
      false
    }
  }
}
