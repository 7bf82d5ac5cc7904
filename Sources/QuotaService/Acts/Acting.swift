import FoundationEssentials
import QuotaCore
import WebServer

/// Does what is asked for through a server, by the use cases of the commands, and once for each request.
struct Acting: Sendable {
  let served: ServedConfiguration
  /// Starts a run as soon as none is active.
  let startRun: @Sendable () -> Void
  /// Sends what is due.
  let send: @Sendable () -> Void
  /// Reads the configuration anew.
  let reload: @Sendable () -> Void
  let uploads = UploadedFiles()

  /// - Parameters:
  ///   - author: with what was asked for.
  ///   - work: does it, in one transaction with its note in the log.
  /// - Returns: what was done, now or for the same request before.
  /// - Throws: ``RequestKeyReused``, or what keeps it from being done.
  func callAsFunction(
    _ author: Author, for request: RequestKey, _ work: (Setup) async throws -> Void
  ) async throws -> Act {
    let setup = served.state.setup
    if let done = try await setup.act(for: request) { return done }
    var author = author
    author.request = request
    do {
      try await work(setup.acting(as: author))
    } catch {
      // The same request may have been quicker; what it did stands against doing it again.
      if let done = try await setup.act(for: request) { return done }
      throw error
    }
    guard let done = try await setup.act(for: request) else {
      throw ServiceError(.inputOutput, "it is not known whether that was done: look, and ask again")
    }
    return done
  }

  // MARK: - What is no command's alone

  func run(_ setup: Setup) async throws {
    try await setup.note(.run, "asked for a run")
    startRun()
  }

  func readConfigurationAnew(_ setup: Setup) async throws {
    try await setup.note(.reload, "asked for the configuration to be read anew")
    reload()
  }
}

extension Setup {
  /// Notes something that goes on elsewhere.
  func note(_ kind: Act.Kind, _ words: String, of organizations: [OrganizationID] = []) async throws {
    try await database.writing { store in
      _ = try await store.write { [log] in try log.note(kind, words, of: organizations, in: $0) }
    }
  }

  /// Sends what is due, unless a run is active, which does.
  ///
  /// - Parameter budget: in seconds.
  func sendWhatIsDue(budget: Double) async throws {
    try await database.writing { store in
      _ = try await database.unlessRunning { try await channels.send(from: store, budget: budget) }
    }
  }
}
