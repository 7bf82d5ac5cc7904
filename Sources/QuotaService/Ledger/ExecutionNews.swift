import FoundationEssentials
package import QuotaCore

/// One line of what a command that follows executions has to tell.
package enum ExecutionNews: Sendable {
  /// An execution is in another state than before; nil before for one that was not known.
  case status(Execution, before: ExecutionStatus?, problem: String?)
  /// The vendor says another end than the ledger holds, which stays.
  case contradiction(Execution.Key, known: ExecutionStatus, said: ExecutionStatus)
  /// It is no longer asked for.
  case givenUp(Execution.Key)
  case failure(Execution.Key, ExecutionFailure)

  package var key: Execution.Key {
    switch self {
    case .status(let execution, _, _): execution.key
    case .contradiction(let key, _, _), .givenUp(let key), .failure(let key, _): key
    }
  }
}

/// Takes what the vendor said to the ledger, inside one transaction.
struct AnswerCommit: Sendable {
  /// The age at which an execution that has not ended is given up; nil for never.
  let giveUpAfter: TimeSpan?

  /// - Parameter now: the moment of judging, not before the answers.
  func apply(_ answers: [AskedExecution], to writer: any StoreWriter, now: Date) throws -> [ExecutionNews] {
    var news: [ExecutionNews] = []
    var givenUp: Set<Execution.Key> = []
    for asked in answers {
      let before = try writer.execution(asked.key)
      switch asked.result {
      case .success(let answer):
        switch try writer.record(answer.report(of: asked.key.organization, kind: asked.key.kind, origin: .poll)) {
        case .added(let execution), .changed(let execution):
          if before?.status != execution.status {
            news.append(.status(execution, before: before?.status, problem: answer.problem))
          }
        case .contradicts(let known):
          news.append(.contradiction(asked.key, known: known, said: answer.status))
        case .unchanged: break
        }
      case .failure(let failure): news.append(.failure(asked.key, failure))
      }
      if let giveUpAfter, asked.isEvidence, let after = try writer.execution(asked.key),
        PollingPolicy.isOver(after, at: now, giveUpAfter: giveUpAfter)
      {
        givenUp.insert(asked.key)
        news.append(.givenUp(asked.key))
      }
    }
    try writer.notePoll(answers.map(\.key), givenUp: givenUp, at: now)
    return news
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
