import FoundationEssentials
package import QuotaCore

/// Imports executions.
package struct ImportLedger: Sendable {
  let configuration: Configuration
  let database: DatabaseAccess
  let world: World

  private var zone: TimeZone { configuration.billingTimeZone }

  /// What a file to be imported is like.
  package struct Options: Sendable {
    /// A path, or `-` for standard input.
    package let path: String
    /// Nil tells it by the file's first character.
    package var format: LedgerImport.Format?
    /// The organization of rows that name none.
    package var organization: String?
    /// The kind of rows that name none.
    package var kind: ExecutionKind?

    package init(path: String) {
      self.path = path
    }
  }

  /// What an import did.
  package struct Report: Hashable, Encodable, Sendable {
    package internal(set) var rows = 0
    /// Executions that were not known.
    package internal(set) var added = 0
    /// Executions of which something new was told.
    package internal(set) var changed = 0
    /// Rows that told nothing new.
    package internal(set) var unchanged = 0
    /// Rows with a time that lies more than a day in the future, as no execution can have.
    package internal(set) var inFuture = 0
    /// The line of the first of them.
    package internal(set) var firstInFuture: Int?
  }

  /// Takes executions from a file to the ledger: all of them, or none if a row is wrong, which is one transaction.
  package func callAsFunction(_ options: Options) async throws -> Report {
    let organization = try options.organization.map { try configuration.organizations([$0])[0].organization.id }
    let configured = configuration.organizations.map(\.organization)
    let (columns, now) = (configuration.ledger.columns, world.now().roundedToMilliseconds)
    return try await database.writing { store in
      try await store.write { writer in
        try writer.register(configured)
        let known = Set(configured.map(\.id)).union(try writer.organizations().map(\.id))
        let context = LedgerImport.Context(
          columns: columns, organization: organization, kind: options.kind, organizations: known,
          zone: zone, now: now)
        try writer.expectManyReports()
        var importing = Importing(LedgerImport(context, format: options.format))
        try importing.run(options.path, into: writer)
        return try importing.finish(named: options.path)
      }
    }
  }
}

/// One import inside its transaction.
private struct Importing {
  private var reader: LedgerImport
  private var report = ImportLedger.Report()
  private var issues: [LedgerImport.Issue] = []
  private var issueCount = 0

  /// How many issues are listed.
  private static let listed = 50
  private static let chunk = 1 << 16

  init(_ reader: LedgerImport) {
    self.reader = reader
  }

  mutating func run(_ path: String, into writer: any StoreWriter) throws {
    do {
      let file = try LocalFile(named: path)
      while !reader.isOver {
        let bytes = try file.next(atMost: Self.chunk)
        for result in bytes.isEmpty ? reader.finish() : reader.read(bytes) { try take(result, writer) }
      }
    } catch let failure as FileFailure {
      throw ServiceError(.inputOutput, "\(path) cannot be read: \(failure.message)")
    }
  }

  private mutating func take(_ result: Result<LedgerImport.Row, LedgerImport.Issue>, _ writer: any StoreWriter) throws {
    switch result {
    case .failure(let issue): add(issue)
    case .success(let row):
      report.rows += 1
      let latest = row.report.seenAt + .days(1)
      if [row.report.requestedAt, row.report.endedAt].contains(where: { $0.map { $0 > latest } ?? false }) {
        report.inFuture += 1
        report.firstInFuture = report.firstInFuture ?? row.line
      }
      switch try writer.record(row.report) {
      case .added: report.added += 1
      case .changed: report.changed += 1
      case .unchanged: report.unchanged += 1
      case .contradicts(let contradiction):
        add(LedgerImport.Issue(line: row.line, message: Self.words(row.report.key, contradiction)))
      }
    }
  }

  private static func words(_ key: Execution.Key, _ contradiction: Execution.Contradiction) -> String {
    let other =
      contradiction.isOfSameTime
      ? "another row of the file says \(contradiction.known); take out the one that is wrong"
      : "the ledger has \(contradiction.known); take the row out if the ledger is right"
    return
      "says that \(key.kind.rawValue) \(key.id) of \(key.organization) ended in \(contradiction.said), but \(other)"
  }

  private mutating func add(_ issue: LedgerImport.Issue) {
    issueCount += 1
    if issues.count < Self.listed { issues.append(issue) }
  }

  /// Throws what is wrong with the file, which undoes the transaction.
  func finish(named path: String) throws -> ImportLedger.Report {
    guard issueCount > 0 else { return report }
    let name = path == "-" ? "standard input" : path
    let lines = issues.map { "\(name):\($0.line): \($0.message)" }
    let more = issueCount - issues.count
    throw ServiceError(
      .badData,
      lines: lines + (more > 0 ? ["and \(more) more"] : [])
        + ["nothing was stored; correct the file and import it again, which adds nothing twice"])
  }
}
