import FoundationEssentials
package import QuotaCore
import UsageStore

/// Asks how far executions are that somebody names.
package struct AskForSteps: Sendable {
  let configuration: Configuration
  let database: DatabaseAccess
  let follow: FollowExecutions

  /// Asks for executions by their ids, and takes what the vendor says to the ledger.
  ///
  /// - Parameters:
  ///   - organization: whose they are, where the ledger does not know; may be left out if only one is configured.
  ///   - kind: what they are, where the ledger does not know.
  package func callAsFunction(
    _ ids: [String], organization: String?, kind: ExecutionKind?, _ options: FollowExecutions.Options
  ) async throws -> FollowExecutions.Report {
    let parsed = ids.map { ($0, ExecutionID(rawValue: $0)) }
    let wrong = parsed.filter { $0.1 == nil }.map { "\"\(ForeignText.line($0.0, limit: 60))\" is no execution's id" }
    guard wrong.isEmpty else { throw ServiceError(.usage, lines: wrong) }
    let store = try await database.openForReadingAfterInbox()
    let only = try organization.map { try configuration.organizations([$0])[0].organization.id }
    let configured = Set(configuration.organizations.map(\.organization.id))
    var keys: [Execution.Key] = []
    for id in parsed.compactMap(\.1) {
      let known = try await store.read { try $0.executions(with: id) }.map(\.key).filter {
        configured.contains($0.organization) && (only ?? $0.organization) == $0.organization
          && (kind ?? $0.kind) == $0.kind
      }
      let fallback =
        try known.isEmpty
        ? [
          Execution.Key(
            organization: only ?? configuration.theOrganization(nil).organization.id, kind: kind ?? .step, id: id)
        ] : known
      keys += fallback.filter { !keys.contains($0) }
    }
    return try await follow(keys, options)
  }
}
