import Crypto
import FoundationEssentials
import QuotaCore

/// The hash of the closing journal and of imported files.
enum ContentDigest {
  private static let digits = Array("0123456789abcdef".utf8)

  /// SHA-256 in lower-case hexadecimal.
  static let sha256: ContentHash = { bytes in
    String(decoding: SHA256.hash(data: bytes).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
