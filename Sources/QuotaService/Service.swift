import CurlTransport
package import FoundationEssentials
package import Logging
import Notifiers
package import QuotaCore
import UsageStore

/// The program apart from its command line: a configuration, and what it needs of the world.
package struct Service: Sendable {
  package let configuration: Configuration
  package let world: World

  package init(_ configuration: Configuration, world: World) {
    self.configuration = configuration
    self.world = world
  }

  /// Clocks, randomness, network, programs and secrets; tests bring their own.
  package struct World: Sendable {
    /// Stamps what happens.
    package let now: @Sendable () -> Date
    /// Waits.
    package let clock: any Clock<Duration>
    /// Returns after so many seconds, when what takes longer is broken off. What goes over a network takes real time,
    /// whatever clock the waits go by.
    package let deadline: @Sendable (_ seconds: Double) async throws -> Void
    /// 0 to 1.
    package let random: @Sendable () -> Double
    package let http: any HTTPTransport
    package let mail: any MailTransport
    package let programs: any ProgramRunner
    package let secrets: any SecretSource
    package let logger: Logger

    package init(
      now: @escaping @Sendable () -> Date, clock: any Clock<Duration>, random: @escaping @Sendable () -> Double,
      http: any HTTPTransport, mail: any MailTransport, programs: any ProgramRunner = SubprocessRunner(),
      secrets: any SecretSource,
      logger: Logger = Logger(label: "quotawatch"),
      deadline: @escaping @Sendable (_ seconds: Double) async throws -> Void = {
        try await Task.sleep(for: .seconds($0))
      }
    ) {
      self.now = now
      self.clock = clock
      self.deadline = deadline
      self.random = random
      self.http = http
      self.mail = mail
      self.programs = programs
      self.secrets = secrets
      self.logger = logger
    }
  }

  var zone: TimeZone { configuration.billingTimeZone }

  /// The configured channels, in the order of the configuration.
  var notifiers: [any Notifier] {
    configuration.notifiers.map(notifier)
  }

  /// A configured channel.
  func notifier(_ entry: ConfiguredNotifier) -> any Notifier {
    entry.configuration.notifier(
      id: entry.id, http: world.http, mail: world.mail, programs: world.programs, secrets: world.secrets,
      warn: { [logger = world.logger] in logger.warning("\($0)") })
  }

  /// For how long a run waits for another run, in seconds.
  private static let runPatience = 5.0
  /// For how long somebody waits for another's transaction who can leave a report of an execution in the inbox instead.
  static let inboxPatience = 5.0
  /// How often somebody who waits for a lock looks whether it is free, in seconds.
  private static let lockInterval = 0.05

  /// Opens the database for the one run that reads from the vendor and sends messages, until it has ended.
  func running<Value>(_ body: (any UsageStore) async throws -> Value) async throws -> Value {
    let lock = try await waiting(patience: Self.runPatience) { try RunLock(database: configuration.databasePath) }
    defer { lock.release() }
    return try await writing(body)
  }

  /// Does something that is a run's, unless a run is active, which then does it. Nil if so.
  func unlessRunning<Value>(_ body: () async throws -> Value) async throws -> Value? {
    let lock: RunLock
    do {
      lock = try RunLock(database: configuration.databasePath)
    } catch StoreError.busy {
      return nil
    }
    defer { lock.release() }
    return try await body()
  }

  /// Opens the database to write beside whoever else does: each transaction waits for those of others. Reports of
  /// executions that have waited for that are taken to the ledger first.
  ///
  /// - Parameter patience: for how long to wait for another's transaction, in seconds.
  func writing<Value>(
    patience: Double = SQLiteStore.usualPatience, _ body: (any UsageStore) async throws -> Value
  ) async throws -> Value {
    let store = try await waiting(patience: patience) {
      try SQLiteStore.open(
        path: configuration.databasePath, access: .readWrite, billingTimeZone: zone, patience: patience)
    }
    let outcome: Result<Value, any Error>
    do {
      try await takeInbox(to: store)
      outcome = .success(try await body(store))
    } catch let error as StoreError {
      outcome = .failure(ServiceError(error))
    } catch {
      outcome = .failure(error)
    }
    try store.close()
    return try outcome.get()
  }

  /// Tries again while somebody else has what is wanted.
  private func waiting<Value>(patience: Double, _ open: () throws -> Value) async throws -> Value {
    let elapsed = world.clock.stopwatch()
    while true {
      do {
        return try open()
      } catch StoreError.busy where elapsed.seconds < patience {
        try await elapsed.sleep(until: elapsed.seconds + Self.lockInterval)
      } catch let error as StoreError {
        throw ServiceError(error)
      }
    }
  }

  /// Takes what the inbox holds to the ledger.
  private func takeInbox(to store: any UsageStore) async throws {
    let inbox = try LedgerInbox(database: configuration.databasePath)
    let (_, unreadable) = try await inbox.drain(into: store)
    if unreadable > 0 {
      world.logger.error(
        "\(unreadable) lines of \(inbox.path) could not be read; they are kept in \(inbox.path).damaged")
    }
  }

  /// Opens the database beside whoever writes.
  func openForReading() throws -> any UsageStore {
    do {
      return try SQLiteStore.open(path: configuration.databasePath, access: .readOnly, billingTimeZone: zone)
    } catch let error as StoreError {
      throw ServiceError(error)
    }
  }

  /// The configured organizations with these ids, in the order of the configuration; all for an empty list.
  func organizations(_ ids: [String]) throws -> [ConfiguredOrganization] {
    let all = configuration.organizations
    guard !ids.isEmpty else { return all }
    let known = Set(all.map(\.organization.id.rawValue))
    let unknown = ids.filter { !known.contains($0) }
    guard unknown.isEmpty else {
      throw ServiceError(
        .usage, lines: unknown.map { "no organization \"\($0)\" is configured" + suggestion(for: $0, among: known) })
    }
    return all.filter { ids.contains($0.organization.id.rawValue) }
  }

  /// An organization that is configured, was read once or is invoiced; another one is refused with the nearest that there
  /// is.
  func knownOrganization(_ id: String, in reader: any StoreReader) throws -> OrganizationID {
    var known = Set(configuration.organizations.map(\.organization.id)).union(try reader.organizations().map(\.id))
    if let first = BillingMonth(year: BillingMonth.years.lowerBound, month: 1),
      let last = BillingMonth(year: BillingMonth.years.upperBound, month: 12)
    {
      known.formUnion(try reader.invoicedOrganizations(from: first, to: last))
    }
    guard known.contains(OrganizationID(id)) else {
      throw ServiceError(
        .usage, "no organization \"\(id)\" is known" + suggestion(for: id, among: known.map(\.rawValue)))
    }
    return OrganizationID(id)
  }
}
