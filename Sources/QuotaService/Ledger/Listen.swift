import FoundationEssentials
package import QuotaCore
import UsageStore
package import WebServer

/// Receives the vendor's webhooks.
package struct ListenForWebhooks: Sendable {
  let configuration: Configuration
  let database: DatabaseAccess
  let world: World

  /// Receives the vendor's webhooks until SIGINT or SIGTERM.
  ///
  /// - Parameter listening: told the port and the organizations once webhooks are accepted.
  package func callAsFunction(
    at place: WebServer.Place, listening: @escaping @Sendable (_ port: Int, [OrganizationID]) async -> Void
  ) async throws {
    let secrets = try await webhookSecrets()
    // Whatever is wrong with the database shows before the vendor is told anything.
    try await database.writing { store in
      let organizations = configuration.organizations.map(\.organization)
      try await store.write { try $0.register(organizations) }
    }
    let intake = try LedgerIntake(database, world)
    let webhooks = WebhookRoutes(secrets: { secrets }, now: world.now, logger: world.logger) { report in
      try await intake.take(report)
    }
    do {
      try await WebServer(routes: [webhooks], logger: world.logger).serve(
        at: place, beside: [{ try await intake.emptyInboxRepeatedly() }]
      ) {
        await listening($0, secrets.keys.sorted())
      }
    } catch let error as WebServer.CannotListen {
      throw ServiceError(.inputOutput, error.message)
    }
    await intake.emptyInbox()
  }

  private func webhookSecrets() async throws -> [OrganizationID: Secret] {
    var secrets: [OrganizationID: Secret] = [:]
    var problems: [String] = []
    for entry in configuration.organizations {
      guard let reference = entry.webhookSecret else { continue }
      do throws(SecretError) {
        secrets[entry.organization.id] = try await world.secrets.secret(reference)
      } catch {
        problems.append("\(entry.organization.id): \(error.message)")
      }
    }
    guard problems.isEmpty else { throw ServiceError(.configuration, lines: problems) }
    guard !secrets.isEmpty else {
      throw ServiceError(
        .configuration,
        "no organization has a \"webhook_secret\": add the secret of the endpoint that is registered at the vendor")
    }
    return secrets
  }
}
