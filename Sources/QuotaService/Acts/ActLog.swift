import FoundationEssentials
package import QuotaCore

/// Where what somebody does is noted: in the transaction in which it is done.
struct ActLog: Sendable {
  let author: Author
  let now: @Sendable () -> Date

  /// Notes what was done.
  ///
  /// - Parameters:
  ///   - words: one line.
  ///   - organizations: those that it is about; none if it is about all.
  ///   - objects: the ids of what was changed.
  /// - Throws: ``RequestRepeated`` if it was done before for the same request, which undoes the transaction.
  @discardableResult
  func note(
    _ kind: Act.Kind, _ words: String, of organizations: [OrganizationID] = [], objects: [String] = [],
    in writer: any StoreWriter
  ) throws -> Int64 {
    if let request = author.request, try writer.act(for: request.key) != nil { throw RequestRepeated() }
    let act = Act(
      at: now(), by: author.name, way: author.way, kind: kind, organizations: organizations, objects: objects,
      words: ForeignText.line(words, limit: 2_000))
    return try writer.append(act, for: author.request)
  }
}

/// What is asked for was done already: the answer is the one that there was.
struct RequestRepeated: Error {}

extension Setup {
  /// What was done for a request.
  ///
  /// - Throws: that something else was asked for under the same key.
  func act(for request: RequestKey) async throws -> Act? {
    guard let found = try await database.openForReading().read({ try $0.act(for: request.key) }) else { return nil }
    guard found.digest == request.digest else { throw RequestKeyReused() }
    return found.act
  }
}

/// Something else was asked for under the same key.
struct RequestKeyReused: Error {}

/// Lists what people did.
package struct ReadLog: Sendable {
  let database: DatabaseAccess

  /// The last acts first, at most so many.
  ///
  /// - Parameter id: only those before this one; nil for all.
  package func callAsFunction(before id: Int64? = nil, limit: Int) async throws -> [Act] {
    try await database.openForReading().read { try $0.acts(before: id, limit: limit) }
  }
}
