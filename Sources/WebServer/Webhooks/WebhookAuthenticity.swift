import Crypto
import FoundationEssentials
import QuotaCore

/// Whether a webhook comes from the vendor: `X-Docutray-Signature: sha256=<hex>`, the HMAC-SHA256 of the body.
///
/// That the signature is over the raw body is presumed, not documented: this is the one place that knows.
struct WebhookAuthenticity: Sendable {
  private let key: SymmetricKey

  init(_ secret: Secret) {
    key = SymmetricKey(data: Data(secret.reveal().utf8))
  }

  /// Compares in a time that does not depend on where a difference is.
  func accepts(_ body: [UInt8], code: [UInt8]) -> Bool {
    HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: body, using: key)
  }

  /// The bytes behind `sha256=`, 64 hexadecimal digits; nil for anything else.
  static func code(_ signature: String) -> [UInt8]? {
    let prefix = "sha256="
    guard signature.lowercased().hasPrefix(prefix) else { return nil }
    let digits = signature.utf8.dropFirst(prefix.utf8.count).map(Self.digit)
    guard digits.count == 2 * SHA256.byteCount, digits.allSatisfy({ $0 != nil }) else { return nil }
    return stride(from: 0, to: digits.count, by: 2).map { ((digits[$0] ?? 0) << 4) | (digits[$0 + 1] ?? 0) }
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case _ where byte.isDigit: byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
