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
    return HexadecimalCode.bytes(signature.dropFirst(prefix.count), count: SHA256.byteCount)
  }
}
