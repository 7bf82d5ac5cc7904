import FoundationEssentials
import Logging
import QuotaCore
import UsageStore

/// Takes reports to the disk as they come, several at a time: to the ledger, or to the inbox while another process
/// writes.
actor LedgerIntake {
  private struct Waiting {
    let report: ExecutionReport
    let continuation: CheckedContinuation<Execution.Change?, any Error>
  }

  private let database: DatabaseAccess
  private let world: World
  private let inbox: LedgerInbox
  private var waiting: [Waiting] = []
  /// What is on its way to the disk.
  private var inHand: [Waiting] = []
  private var isWorking = false

  /// For how long the database is waited for before the inbox is used, in seconds.
  private static let patience = 1.0
  /// How often the inbox is looked at while nothing arrives.
  private static let inboxInterval = Duration.seconds(5)
  /// For how long the database is kept open while reports keep coming, in seconds.
  private static let longestOpen = 5.0
  /// For how long it is left alone at least after each transaction, in seconds: for as long as that took, so that others
  /// get their turn, who look for it every few milliseconds. What comes meanwhile is one transaction.
  private static let leastRest = 0.005

  init(_ database: DatabaseAccess, _ world: World) throws {
    self.database = database
    self.world = world
    inbox = try LedgerInbox(database: database.path)
  }

  /// Returns when the report is on the disk, with what it has changed; nil where it waits for another process to take it to the
  /// ledger.
  func take(_ report: ExecutionReport) async throws -> Execution.Change? {
    try await withCheckedThrowingContinuation { continuation in
      waiting.append(Waiting(report: report, continuation: continuation))
      guard !isWorking else { return }
      isWorking = true
      Task { await work() }
    }
  }

  /// Takes what waits in the inbox to the ledger, if nobody else writes.
  func emptyInbox() async {
    guard inbox.hasReports, !isWorking else { return }
    do {
      try await database.writing(patience: 0) { _ in }
    } catch let error as ServiceError where error.status == .busy {
      // Whoever writes next takes the inbox.
    } catch {
      world.logger.error("what waits in \(inbox.path) cannot be taken to the ledger: \(Self.message(error))")
    }
  }

  /// Does so every few seconds, until it is cancelled.
  func emptyInboxRepeatedly() async throws {
    while true {
      try await world.clock.sleep(for: Self.inboxInterval)
      await emptyInbox()
    }
  }

  private func work() async {
    while !waiting.isEmpty {
      do {
        try await database.writing(patience: Self.patience) { @Sendable store in
          try await self.takeWaiting(to: store)
        }
      } catch let error as ServiceError where error.status == .busy {
        await leaveInInbox()
      } catch {
        _ = takeInHand()
        answer(.failure(error))
      }
    }
    isWorking = false
  }

  /// Takes what waits to the ledger, and what comes meanwhile. After a while the database is opened anew, which takes what
  /// others have left in the inbox.
  private func takeWaiting(to store: any UsageStore) async throws {
    let open = world.clock.stopwatch()
    while !waiting.isEmpty, open.seconds < Self.longestOpen {
      let used = world.clock.stopwatch()
      let reports = takeInHand()
      let changes = try await store.write { writer in try reports.map { try writer.record($0) } }
      answer(.success(changes))
      try? await used.sleep(until: used.seconds + max(used.seconds, Self.leastRest))
    }
  }

  private func leaveInInbox() async {
    let reports = takeInHand()
    do {
      try await inbox.append(reports)
      answer(.success(reports.map { _ in nil }))
    } catch {
      answer(.failure(error))
    }
  }

  private func takeInHand() -> [ExecutionReport] {
    inHand += waiting
    waiting = []
    return inHand.map(\.report)
  }

  private func answer(_ result: Result<[Execution.Change?], any Error>) {
    let answered = inHand
    inHand = []
    switch result {
    case .success(let changes):
      for (entry, change) in zip(answered, changes) { entry.continuation.resume(returning: change) }
    case .failure(let error): for entry in answered { entry.continuation.resume(throwing: error) }
    }
  }

  private static func message(_ error: any Error) -> String {
    switch error {
    case let error as ServiceError: error.lines.joined(separator: "; ")
    case let error as StoreError: error.message
    default: "it could not be written"
    }
  }
}
