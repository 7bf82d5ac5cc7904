internal import Dispatch
internal import FoundationEssentials
internal import Glibc
package import QuotaCore

/// A file beside the database in which reports of executions wait while another process writes: `<database>.inbox`.
///
/// Taking a report to the ledger twice changes nothing, so a report that was taken but is still in the file, because
/// the process was killed in between, does no harm. A line that has no end was never acknowledged.
///
/// Whoever takes it over holds the file from inside of the transaction on until it is empty: what is appended meanwhile
/// comes after that, and nobody waits for a transaction while holding the file.
package final class LedgerInbox: Sendable {
  package let path: String
  private let queue = DispatchQueue(label: "quotawatch.inbox")

  /// - Parameter path: the database's.
  package init(database path: String) throws {
    self.path = try DatabaseFile(path).path + ".inbox"
  }

  /// Whether something waits.
  package var hasReports: Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_size > 0
  }

  /// Puts reports on the disk.
  package func append(_ reports: [ExecutionReport]) async throws {
    let lines = try reports.flatMap { try StoredJSON.bytes(InboxEntry($0)) + [0x0A] }
    try await onQueue { [path] in
      let file = try InboxFile(path)
      try file.append(lines)
      try DatabaseFile.synchronize(DatabaseFile(path).directory)
    }
  }

  /// What came of what has waited.
  package struct Drained: Hashable, Sendable {
    /// How many reports were taken.
    package var taken = 0
    /// How many lines could not be read: then what was in the file is kept in `<database>.inbox.damaged`.
    package var unreadable = 0
    /// Reports of another end than the one that the ledger has.
    package var contradictions: [Execution.Key: Execution.Contradiction] = [:]

    package init(taken: Int = 0, unreadable: Int = 0) { (self.taken, self.unreadable) = (taken, unreadable) }
  }

  /// Takes what waits to the ledger and empties the file.
  package func drain(into store: any UsageStore) async throws -> Drained {
    guard hasReports else { return Drained() }
    let (file, contents, entries, contradictions) = try await store.write { [path] writer in
      let file = try InboxFile(path)
      let contents = try file.contents()
      let entries = Self.entries(contents)
      var contradictions: [Execution.Key: Execution.Contradiction] = [:]
      for case let report? in entries {
        if case .contradicts(let ends) = try writer.record(report) { contradictions[report.key] = ends }
      }
      return (file, contents, entries, contradictions)
    }
    let taken = entries.count { $0 != nil }
    var drained = Drained(taken: taken, unreadable: entries.count - taken)
    drained.contradictions = contradictions
    try await onQueue { [path, unreadable = drained.unreadable] in
      if unreadable > 0 { try InboxFile(path + ".damaged").append(contents) }
      try file.empty()
    }
    return drained
  }

  /// The whole lines; nil for one that cannot be read.
  private static func entries(_ contents: [UInt8]) -> [ExecutionReport?] {
    guard let end = contents.lastIndex(of: 0x0A) else { return [] }
    return contents[..<end].split(separator: 0x0A).map { line in
      line.withUnsafeBufferPointer { StoredJSON.value(InboxEntry.self, $0) }?.report
    }
  }

  private func onQueue<Value: Sendable>(_ work: @Sendable @escaping () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      queue.async { continuation.resume(with: Result(catching: work)) }
    }
  }
}

/// The open file, which nobody else touches meanwhile; closed with its last reference.
private final class InboxFile: Sendable {
  private let path: String
  private let descriptor: Int32

  init(_ path: String) throws {
    self.path = path
    descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0, flock(descriptor, LOCK_EX) == 0 else { throw Self.failure(path) }
    try DatabaseFile(path).handOver(descriptor)
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  func contents() throws -> [UInt8] {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw Self.failure(path) }
    var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
    var length = 0
    while length < bytes.count {
      let count = bytes[length...].withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, off_t(length)) }
      guard count > 0 else { throw Self.failure(path) }
      length += count
    }
    return bytes
  }

  /// Appends whole lines, after taking away the rest of one that was never finished.
  func append(_ lines: [UInt8]) throws {
    let whole = try wholeLength()
    guard ftruncate(descriptor, whole) == 0 else { throw Self.failure(path) }
    var written = 0
    while written < lines.count {
      let count = lines[written...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      guard count > 0 || errno == EINTR else {
        let failure = Self.failure(path)
        ftruncate(descriptor, whole)
        throw failure
      }
      written += max(0, count)
    }
    guard fsync(descriptor) == 0 else { throw Self.failure(path) }
  }

  /// Up to the end of the last line that has one.
  private func wholeLength() throws -> off_t {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw Self.failure(path) }
    var last: UInt8 = 0
    guard status.st_size > 0 else { return 0 }
    guard pread(descriptor, &last, 1, status.st_size - 1) == 1 else { throw Self.failure(path) }
    if last == 0x0A { return status.st_size }
    return off_t((try contents().lastIndex(of: 0x0A) ?? -1) + 1)
  }

  func empty() throws {
    guard ftruncate(descriptor, 0) == 0, fsync(descriptor) == 0 else { throw Self.failure(path) }
  }

  private static func failure(_ path: String) -> StoreError {
    StoreError.unusable("the file \(path) cannot be used (\(DatabaseFile.lastError)): check its owner and free space")
  }
}

/// A report as the file holds it.
private struct InboxEntry: Codable {
  let organization_id: OrganizationID
  let kind: ExecutionKind
  let id: String
  let status: ExecutionStatus
  let pages: Int64?
  let requested_at: Date?
  let ended_at: Date?
  let origin: ExecutionOrigin
  let seen_at: Date

  init(_ report: ExecutionReport) {
    organization_id = report.key.organization
    kind = report.key.kind
    id = report.key.id.rawValue
    status = report.status
    pages = report.pages
    requested_at = report.requestedAt
    ended_at = report.endedAt
    origin = report.origin
    seen_at = report.seenAt
  }

  var report: ExecutionReport? {
    guard let id = ExecutionID(rawValue: id) else { return nil }
    return ExecutionReport(
      key: Execution.Key(organization: organization_id, kind: kind, id: id), status: status, pages: pages,
      requestedAt: requested_at, endedAt: ended_at, origin: origin, seenAt: seen_at)
  }
}
