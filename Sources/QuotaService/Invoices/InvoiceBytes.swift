import Crypto
import QuotaCore

/// The bytes of a file of invoices, which are read twice: for the hash that stands in the ids of its lines, and for its
/// lines. What can be read only once, such as standard input, is kept in memory.
final class InvoiceBytes: Sendable {
  /// The SHA-256 in lower-case hexadecimal.
  let hash: String
  private let file: LocalFile
  private let kept: [UInt8]?
  private let path: String

  private static let chunk = 1 << 16
  /// How much is kept, in bytes.
  private static let most = 1 << 30

  /// - Parameter path: `-` is the standard input.
  init(_ path: String) throws {
    self.path = path
    do throws(FileFailure) {
      let file = try LocalFile(named: path)
      guard try file.rewind() else {
        let contents = try file.contents(atMost: Self.most)
        (hash, kept) = (ContentDigest.sha256(contents), contents)
        self.file = file
        return
      }
      hash = try Self.hash(of: file)
      kept = nil
      self.file = file
    } catch {
      throw ServiceError(.inputOutput, "cannot read \(path): \(error.message)")
    }
  }

  /// Goes over the content in pieces.
  ///
  /// - Throws: what the body throws, and if the content is not that of the hash any more.
  func forEachPiece(_ body: ([UInt8]) throws -> Void) throws {
    if let kept {
      for start in stride(from: 0, to: kept.count, by: Self.chunk) {
        try body(Array(kept[start..<min(start + Self.chunk, kept.count)]))
      }
      return
    }
    var digest = SHA256()
    _ = try reading { file throws(FileFailure) in try file.rewind() }
    while true {
      let piece = try reading { file throws(FileFailure) in try file.next(atMost: Self.chunk) }
      if piece.isEmpty { break }
      digest.update(data: piece)
      try body(piece)
    }
    guard digest.finalize().hexadecimal == hash else {
      throw ServiceError(.inputOutput, "\(path) was changed while it was read; import it again")
    }
  }

  private func reading<Value>(_ body: (borrowing LocalFile) throws(FileFailure) -> Value) throws -> Value {
    do throws(FileFailure) {
      return try body(file)
    } catch {
      throw ServiceError(.inputOutput, "cannot read \(path): \(error.message)")
    }
  }

  private static func hash(of file: borrowing LocalFile) throws(FileFailure) -> String {
    var digest = SHA256()
    while true {
      let piece = try file.next(atMost: Self.chunk)
      if piece.isEmpty { return digest.finalize().hexadecimal }
      digest.update(data: piece)
    }
  }
}
