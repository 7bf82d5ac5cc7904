import FoundationEssentials
package import QuotaCore
import UsageStore

/// Asks for executions until they have ended.
package struct FollowExecutions: Sendable {
  let configuration: Configuration
  let database: DatabaseAccess
  let vendor: Vendor
  let world: World

  /// How executions are followed.
  package struct Options: Sendable {
    /// Whether to go on asking until all have ended.
    package var waits = false
    /// How long to go on; the last question is asked when it is over.
    package var timeout = TimeSpan.minutes(30)
    package var document = PollingPolicy.Document.large
    /// Whether the first answers are told also where they are no news.
    package var tellsFirstAnswers = true
    /// Whether executions are given up that are older than `ledger.give_up_after`: not those that somebody has named.
    var givesUp = false
    /// Told of everything that happens, one after the other.
    package var news: @Sendable (ExecutionNews) -> Void = { _ in }

    package init() {}
  }

  /// What came of following executions.
  package struct Report: Sendable {
    /// How many were asked for.
    package internal(set) var asked = 0
    package internal(set) var succeeded = 0
    package internal(set) var failed = 0
    /// Not ended, and still asked for.
    package internal(set) var open = 0
    package internal(set) var givenUp = 0
    /// The last failure of each execution whose state could not be had in the end.
    package internal(set) var failures: [Execution.Key: ExecutionFailure] = [:]
    package internal(set) var contradictions = 0

    /// Adds what a run learned of executions.
    mutating func add(_ news: [ExecutionNews]) {
      for entry in news {
        switch entry {
        case .status(let execution, _, _) where execution.status.hasEnded:
          open -= 1
          succeeded += execution.status == .success ? 1 : 0
          failed += execution.status == .error ? 1 : 0
        case .status: break
        case .contradiction: contradictions += 1
        case .givenUp:
          open -= 1
          givenUp += 1
        case .failure(let key, let failure): failures[key] = failure
        }
      }
    }
  }

  /// Asks for executions, takes the answers to the ledger, and goes on until they have ended if that is wanted.
  package func callAsFunction(_ keys: [Execution.Key], _ options: Options) async throws -> Report {
    let elapsed = world.clock.stopwatch()
    let end = Double(options.timeout.seconds)
    var following = Following(keys)
    var round = 0
    while !following.pending.isEmpty {
      round += 1
      let batch = try await vendor.executionPool(configuration.organizations).outcomes(
        of: ExecutionJob.all(following.due(at: elapsed.seconds), of: configuration.organizations),
        policy: vendor.policy(
          deadline: max(end - elapsed.seconds, 1), grace: Double(configuration.api.timeout.seconds))
      ).sorted { $0.key < $1.key }
      let news = try await commit(batch, options)
      let tellsAll = round == 1 && options.tellsFirstAnswers
      following.note(batch, news, tellsAll: tellsAll, at: elapsed.seconds).forEach(options.news)
      let wait = PollingPolicy.wait(after: round, options.document, jitter: world.random())
      guard options.waits, !following.pending.isEmpty, elapsed.seconds < end, following.endOfRest < end else { break }
      try await elapsed.sleep(until: min(max(elapsed.seconds + wait, following.endOfRest), end))
    }
    return following.report
  }

  /// Follows one execution that was just started.
  package func callAsFunction(_ key: Execution.Key, _ options: Options) async throws -> Report {
    try await callAsFunction([key], options)
  }

  /// Takes a round's answers to the ledger; while another process writes, to the inbox, from which it takes them later.
  private func commit(_ answers: [AskedExecution], _ options: Options) async throws -> [ExecutionNews] {
    let commit = AnswerCommit(giveUpAfter: options.givesUp ? configuration.ledger.giveUpAfter : nil)
    let (known, now) = (configuration.organizations.map(\.organization), world.now())
    do {
      return try await database.writing(patience: DatabaseAccess.inboxPatience) { store in
        try await store.write { writer in
          try writer.register(known)
          return try commit.apply(answers, to: writer, now: now)
        }
      }
    } catch let error as ServiceError where error.status == .busy {
      try await LedgerInbox(database: database.path).append(answers.compactMap(\.report))
      return try await database.openForReading().read { try commit.judge(answers, by: $0, now: now).news }
    }
  }
}

/// Which executions are still to be asked for, and what is known of the others.
private struct Following {
  private(set) var pending: [Execution.Key]
  private(set) var report = FollowExecutions.Report()
  /// Until when the vendor wants no question with an organization's key, in seconds since the beginning.
  private var resting: [OrganizationID: Double] = [:]
  /// Of which the vendor has said how far they are.
  private var answered: Set<Execution.Key> = []

  init(_ keys: [Execution.Key]) {
    pending = keys
    report.asked = keys.count
    report.open = keys.count
  }

  /// What may be asked for at a moment.
  func due(at now: Double) -> [Execution.Key] {
    resting.isEmpty ? pending : pending.filter { resting[$0.organization].map { $0 <= now } ?? true }
  }

  /// When something may be asked for; 0 if nothing rests.
  var endOfRest: Double { pending.map { resting[$0.organization] ?? 0 }.min() ?? 0 }

  /// Notes a round's answers and gives what there is to tell: what is new, or the state of everything.
  ///
  /// - Parameter now: in seconds since the beginning.
  mutating func note(
    _ answers: [AskedExecution], _ news: [ExecutionNews], tellsAll: Bool, at now: Double
  ) -> [ExecutionNews] {
    var shown = news.filter { if case .failure(let key, let failure) = $0 { isNews(failure, of: key) } else { true } }
    let changed = Set(news.map(\.key))
    var givenUp = Set<Execution.Key>()
    for case .givenUp(let key) in news { givenUp.insert(key) }
    for asked in answers {
      switch asked.result {
      case .success(let answer):
        report.failures[asked.key] = nil
        answered.insert(asked.key)
        if tellsAll, !changed.contains(asked.key) {
          shown.append(.status(Self.execution(asked.key, answer), before: answer.status, problem: answer.problem))
        }
        if answer.status.hasEnded {
          report.succeeded += answer.status == .success ? 1 : 0
          report.failed += answer.status == .error ? 1 : 0
          pending.removeAll { $0 == asked.key }
        }
      case .failure(let failure) where isAfterAnswer(failure, of: asked.key): break
      case .failure(let failure):
        report.failures[asked.key] = failure
        if case .possible(let retryAfter?) = failure.retry, failure.isRateLimit {
          resting[asked.key.organization] = now + Double(retryAfter.seconds)
        }
        // Nothing else comes of it, however often one asks.
        if failure.retry == .never, failure.reason != .deadline { pending.removeAll { $0 == asked.key } }
      }
    }
    for case .contradiction in news { report.contradictions += 1 }
    report.givenUp += givenUp.count
    pending.removeAll { givenUp.contains($0) }
    report.open = pending.count
    return shown
  }

  private func isNews(_ failure: ExecutionFailure, of key: Execution.Key) -> Bool {
    report.failures[key]?.reason != failure.reason && !isAfterAnswer(failure, of: key)
  }

  /// Whether the time was over for a further question about an execution whose state is known: no failure.
  private func isAfterAnswer(_ failure: ExecutionFailure, of key: Execution.Key) -> Bool {
    failure.reason == .deadline && answered.contains(key)
  }

  private static func execution(_ key: Execution.Key, _ answer: ExecutionAnswer) -> Execution {
    Execution(
      key: key, status: answer.status, requestedAt: answer.requestedAt, endedAt: answer.endedAt, origin: .poll,
      firstSeenAt: answer.seenAt, changedAt: answer.seenAt)
  }
}

extension FollowExecutions.Report {
  /// What the process ends with: the first thing that went wrong, in the order of the executions; that the time was over
  /// says less than what took it.
  package var status: ExitStatus {
    let inOrder = failures.sorted { $0.key < $1.key }.map(\.value)
    if let first = inOrder.first(where: { $0.reason != .deadline }) ?? inOrder.first { return ExitStatus(first.reason) }
    if contradictions > 0 { return .badData }
    if failed > 0 { return .executionFailed }
    return givenUp > 0 ? .stillOpen : .success
  }

  /// The same for a command that was to wait for the end.
  package var statusAfterWaiting: ExitStatus {
    status == .success && open > 0 ? .stillOpen : status
  }
}

extension ExitStatus {
  init(_ reason: ExecutionFailure.Reason) {
    self =
      switch reason {
      case .invalidRequest: .invalidRequest
      case .keyRejected, .keyUnavailable: .keyRejected
      case .accessDenied: .accessDenied
      case .notFound: .notFound
      case .downloadTimeout: .downloadTimeout
      case .tooLarge: .tooLarge
      case .unsupportedType: .unsupportedType
      case .rateLimited: .rateLimited
      case .serverError: .serverError
      case .unreachable, .timeout: .unreachable
      case .outcomeUnknown: .outcomeUnknown
      case .invalidAnswer, .gateway: .invalidAnswer
      case .deadline: .stillOpen
      }
  }
}
