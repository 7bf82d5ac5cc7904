/// Reads what people did.
package protocol ActReader {
  /// The last ones first, at most so many.
  ///
  /// - Parameter id: only what was done before this one; nil for all.
  func acts(before id: Int64?, limit: Int) throws -> [Act]

  func act(_ id: Int64) throws -> Act?

  /// What was done for a request, and the digest of what was asked for.
  func act(for key: String) throws -> (act: Act, digest: String)?

  /// The number of the last one; 0 where nothing was done yet.
  func lastActID() throws -> Int64
}

/// Adds to it; what was done stays.
package protocol ActWriter: ActReader {
  /// Records something in the transaction in which it is done, and returns its number. What was done for requests longer ago
  /// than ``RequestKey/life`` is no longer found by their keys.
  func append(_ act: Act, for request: RequestKey?) throws -> Int64

  /// Records what came of something that goes on beyond its transaction.
  func reword(_ id: Int64, _ words: String) throws
}
