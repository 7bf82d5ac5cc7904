import FoundationEssentials
import QuotaCore
import Synchronization
import WebServer

/// The configuration that a server goes by, which a reload exchanges as a whole.
final class ServedConfiguration: Sendable {
  /// What follows from a configuration whose secrets were found.
  struct State: Sendable {
    let setup: Setup
    let webhookSecrets: [OrganizationID: Secret]
    let policy: AccessPolicy
  }

  /// How the last reload went.
  struct Reload: Sendable {
    let at: Date
    /// Why the configuration on the disk is not in use; nil if it is.
    let problem: String?
  }

  private let current: Mutex<(state: State, reload: Reload)>

  init(_ state: State, at now: Date) {
    current = Mutex((state, Reload(at: now, problem: nil)))
  }

  var state: State { current.withLock { $0.state } }
  var reload: Reload { current.withLock { $0.reload } }

  func exchange(for state: State, at now: Date) { current.withLock { $0 = (state, Reload(at: now, problem: nil)) } }

  func keep(because problem: String, at now: Date) {
    current.withLock { $0.reload = Reload(at: now, problem: problem) }
  }
}

extension ServedConfiguration.State {
  /// Finds the secrets that a server needs.
  ///
  /// - Throws: everything that is missing, a line each.
  ///
  /// - Parameter failures: who has shown wrong tokens lately.
  init(_ setup: Setup, isLocal: Bool, _ failures: FailureLimit = FailureLimit()) async throws(ServiceError) {
    let configuration = setup.configuration
    var problems: [String] = []
    func secret(_ reference: SecretReference, of owner: String) async -> Secret? {
      do throws(SecretError) {
        return try await setup.world.secrets.secret(reference)
      } catch {
        problems.append("\(owner): \(error.message)")
        return nil
      }
    }
    var secrets: [OrganizationID: Secret] = [:]
    for entry in configuration.organizations {
      guard let reference = entry.webhookSecret else { continue }
      secrets[entry.organization.id] = await secret(reference, of: "\(entry.organization.id)")
    }
    var tokens: [AccessPolicy.Token] = []
    var owners: [(secret: Secret, name: String)] = []
    for token in configuration.tokens {
      guard let secret = await secret(token.secret, of: "token \(token.name)") else { continue }
      if let twin = owners.first(where: { $0.secret == secret }) {
        problems.append("tokens \(twin.name) and \(token.name) have the same secret; give each one of its own")
      }
      owners.append((secret, token.name))
      tokens.append(
        AccessPolicy.Token(
          name: token.name, secret: secret, scopes: Set(token.scopes),
          organizations: token.organizations.map { Set($0) }))
    }
    var embedding: Embedding?
    if let embed = configuration.embed, let secret = await secret(embed.secret, of: "embed") {
      embedding = Embedding(
        secret: secret, frameAncestors: embed.frameAncestors, origins: Set(embed.allowedOrigins))
    }
    guard problems.isEmpty else { throw ServiceError(.configuration, lines: problems) }
    self.setup = setup
    webhookSecrets = secrets
    var policy = AccessPolicy(
      isLocal: isLocal, hosts: Set(configuration.serve.hosts), tokens: tokens, proxy: configuration.serve.proxy,
      embedding: embedding)
    policy.allowsActionsOnLoopback = configuration.serve.allowsActionsOnLoopback
    policy.allowsActing = !setup.isPast
    policy.failures = failures
    policy.storedToken = { shown in try await setup.answering { try await $0.useToken(shown) } }
    self.policy = policy
  }
}
