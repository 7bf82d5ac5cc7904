import FoundationEssentials
import Logging
import QuotaCore
import UsageStore

/// Takes reports to the disk as they come, several at a time: to the ledger, or to the inbox while another process
/// writes.
actor LedgerIntake {
  private struct Waiting {
    let report: ExecutionReport
    let continuation: CheckedContinuation<Bool, any Error>
  }

  private let database: DatabaseAccess
  private let world: World
  private let inbox: LedgerInbox
  private var waiting: [Waiting] = []
  private var isWorking = false

  /// For how long the database is waited for before the inbox is used, in seconds.
  private static let patience = 1.0
  /// How often the inbox is looked at while nothing arrives.
  private static let inboxInterval = Duration.seconds(5)
  /// How long the database is left alone after each time, so that what comes meanwhile is one transaction.
  private static let rest = Duration.milliseconds(200)

  init(_ database: DatabaseAccess, _ world: World) throws {
    self.database = database
    self.world = world
    inbox = try LedgerInbox(database: database.path)
  }

  /// Returns when the report is on the disk; says whether it brought something new, as far as that is known.
  func take(_ report: ExecutionReport) async throws -> Bool {
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
      let batch = waiting
      waiting = []
      let reports = batch.map(\.report)
      do {
        let isNew = try await store(reports)
        for (entry, isNew) in zip(batch, isNew) { entry.continuation.resume(returning: isNew) }
      } catch {
        for entry in batch { entry.continuation.resume(throwing: error) }
      }
      try? await world.clock.sleep(for: Self.rest)
    }
    isWorking = false
  }

  private func store(_ reports: [ExecutionReport]) async throws -> [Bool] {
    do {
      return try await database.writing(patience: Self.patience) { store in
        try await store.write { writer in
          try reports.map { report in
            switch try writer.record(report) {
            case .added, .changed: true
            case .unchanged, .contradicts: false
            }
          }
        }
      }
    } catch let error as ServiceError where error.status == .busy {
      try await inbox.append(reports)
      return reports.map { _ in true }
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
