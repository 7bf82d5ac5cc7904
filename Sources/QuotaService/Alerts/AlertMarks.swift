import FoundationEssentials
package import QuotaCore

extension AlertMarks {
  /// - Parameter notifiers: those that are configured.
  init(_ reader: any StoreReader, of notifiers: [NotifierID], now: Date) throws {
    self.init(
      silences: try reader.silences(endingAfter: now),
      pending: try notifiers.flatMap { try reader.pendingMessages(for: $0) }, now: now)
  }
}

/// Reads what is to be said of alerts besides that they fire.
package struct ReadAlertMarks: Sendable {
  let configuration: Configuration
  let database: DatabaseAccess
  let world: World

  package func callAsFunction() async throws -> AlertMarks {
    let (now, notifiers) = (world.now(), configuration.notifiers.map(\.id))
    return try await database.openForReading().read { try AlertMarks($0, of: notifiers, now: now) }
  }
}
