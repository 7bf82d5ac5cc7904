import FoundationEssentials
package import QuotaCore
import UsageStore
import WebhookReceiver

/// Receives the vendor's webhooks.
package struct ListenForWebhooks: Sendable {
  let configuration: Configuration
  let database: DatabaseAccess
  let world: World

  /// Where to listen.
  package struct Place: Hashable, Sendable {
    package let host: String
    /// 0 takes any free one.
    package let port: Int

    /// Parses `127.0.0.1:8090`, `localhost:8090` or `[::1]:8090`.
    package init?(_ text: String) {
      guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
        return nil
      }
      var host = text[..<colon]
      if host.hasPrefix("["), host.hasSuffix("]") {
        host = host.dropFirst().dropLast()
      } else if host.contains(":") {
        return nil
      }
      guard !host.isEmpty else { return nil }
      self.host = String(host)
      self.port = Int(port)
    }

    /// Whether only this machine can reach it.
    package var isLoopback: Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") }
  }

  /// How often the inbox is looked at while nothing arrives.
  private static let inboxInterval = Duration.seconds(5)

  /// Receives the vendor's webhooks until SIGINT or SIGTERM.
  ///
  /// - Parameter listening: told the port and the organizations once webhooks are accepted.
  package func callAsFunction(
    at address: Place, listening: @escaping @Sendable (_ port: Int, [OrganizationID]) async -> Void
  ) async throws {
    let secrets = try await webhookSecrets()
    // Whatever is wrong with the database shows before the vendor is told anything.
    try await database.writing { store in
      let organizations = configuration.organizations.map(\.organization)
      try await store.write { try $0.register(organizations) }
    }
    let intake = try LedgerIntake(database, world)
    let receiver = WebhookReceiver(secrets: secrets, now: world.now, logger: world.logger) { report in
      try await intake.take(report)
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        while true {
          try await world.clock.sleep(for: Self.inboxInterval)
          await intake.emptyInbox()
        }
      }
      defer { group.cancelAll() }
      do {
        try await receiver.serve(host: address.host, port: address.port) { port in
          await listening(port, secrets.keys.sorted())
        }
      } catch let error as WebhookReceiver.CannotListen {
        throw ServiceError(.inputOutput, error.message)
      }
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
