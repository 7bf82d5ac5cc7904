import Crypto
import FoundationEssentials
import QuotaCore

/// The hash of the closing journal and of imported files.
enum ContentDigest {
  /// SHA-256 in lower-case hexadecimal.
  static let sha256: ContentHash = { SHA256.hash(data: $0).hexadecimal }
}
