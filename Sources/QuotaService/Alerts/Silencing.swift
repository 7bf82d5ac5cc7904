package import FoundationEssentials
package import QuotaCore

/// Begins silences.
package struct AddSilence: Sendable {
  let configuration: Configuration
  let database: DatabaseAccess
  let world: World
  let log: ActLog

  /// What `silence add` asks for.
  package struct Request: Sendable {
    /// Each gets a silence of its own; empty for every organization, and then a rule has to be given.
    package var organizations: [String]
    package var rule: String?
    package var until: Date
    package var reason: String
    package var createdBy: String

    package init(organizations: [String] = [], rule: String?, until: Date, reason: String, createdBy: String) {
      self.organizations = organizations
      self.rule = rule
      self.until = until
      self.reason = reason
      self.createdBy = createdBy
    }
  }

  /// Begins silences now, all or none. What is named has to be configured, since a typing error would silence nothing.
  package func callAsFunction(_ request: Request) async throws -> [Silence] {
    let now = world.now()
    try checkLine(request.reason, "--reason")
    try checkLine(request.createdBy, "--by")
    guard request.until > now else {
      throw ServiceError(.usage, "a silence has to end in the future; \(request.until.iso8601) is over")
    }
    var named: Set<String> = []
    let organizations = request.organizations.filter { named.insert($0).inserted }.map { Optional(OrganizationID($0)) }
    if !organizations.isEmpty { _ = try configuration.organizations(request.organizations) }
    if let rule = request.rule { try configuration.checkRules([rule]) }
    @Sendable func silence(_ id: Int64, of organization: OrganizationID?) -> Silence {
      Silence(
        id: id, organization: organization, rule: request.rule.map { RuleID($0) },
        from: now, until: request.until, reason: request.reason, createdBy: request.createdBy)
    }
    guard !organizations.isEmpty || log.author.mayAct(on: nil) else {
      throw ServiceError(.usage, "name an organization that you may see")
    }
    return try await database.writing { store in
      try await store.write { writer in
        try world.warnOfClock(writer, at: now)
        let silences = try (organizations.isEmpty ? [nil] : organizations).map { organization in
          silence(try writer.add(silence(0, of: organization)), of: organization)
        }
        try note(silences, request, in: writer)
        return silences
      }
    }
  }
}

extension AddSilence {
  private func note(_ silences: [Silence], _ request: Request, in writer: any StoreWriter) throws {
    let organizations = silences.compactMap(\.organization)
    let whose = organizations.isEmpty ? "everybody" : organizations.map(\.rawValue).joined(separator: ", ")
    let what = request.rule.map { "\($0) of \(whose)" } ?? whose
    try log.note(
      .silence, "silenced \(what) until \(request.until.iso8601): \(request.reason)", of: organizations,
      objects: silences.map { "\($0.id)" }, in: writer)
  }
}

/// Lists silences.
package struct ListSilences: Sendable {
  let database: DatabaseAccess
  let world: World

  /// The silences that have not ended; with `all` also those that have.
  package func callAsFunction(all: Bool) async throws -> [Silence] {
    let now = world.now()
    return try await database.openForReading().read { try $0.silences(endingAfter: all ? nil : now) }
  }
}

/// Ends a silence.
package struct RemoveSilence: Sendable {
  let database: DatabaseAccess
  let world: World
  let log: ActLog

  /// Ends a silence, which stays on record; what it has held back and still fires is told by the next run.
  ///
  /// - Parameter by: who, as they are called on their machine.
  package func callAsFunction(_ id: Int64, by: String) async throws {
    try checkLine(by, "--by")
    let now = world.now()
    try await database.writing { store in
      try await store.write { writer in
        let silence = try writer.silences(endingAfter: now).first { $0.id == id }
        guard let silence, log.author.mayAct(on: silence.organization), try writer.endSilence(id, at: now, by: by)
        else {
          throw ServiceError(
            .usage, "there is no silence \(id) that lasts; `quotawatch silence list --all` shows them")
        }
        let what = [silence.rule?.rawValue, silence.organization?.rawValue].compactMap { $0 }.joined(separator: " of ")
        try log.note(
          .endSilence, "ended silence \(id) of \(what)", of: silence.organization.map { [$0] } ?? [],
          objects: ["\(id)"], in: writer)
      }
    }
  }
}
