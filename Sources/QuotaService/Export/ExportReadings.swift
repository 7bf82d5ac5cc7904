import FoundationEssentials
package import QuotaCore
import Reports

/// Writes an organization's readings down.
package struct ExportReadings: Sendable {
  let database: DatabaseAccess

  /// Every stored reading of an organization in the order in which they were made, as CSV.
  package func callAsFunction(_ organization: OrganizationID) async throws -> [UInt8] {
    let snapshots = try await database.openForReading().read {
      try $0.snapshots(of: organization, seenIn: .distantPast ... .distantFuture)
    }
    return ReadingsReport.csv(snapshots)
  }
}
